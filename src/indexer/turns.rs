//! Turns: what must happen in canonical order happens one batch after the other, however the threads run.

use std::sync::{Condvar, Mutex};

use anyhow::{Context, bail};

/// Whose turn it is.
#[derive(Debug, Default)]
pub struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    next: usize,
    given_up: bool,
}

impl Turns {
    /// Waits until all batches before `number` had their turn, then takes it.
    ///
    /// # Errors
    /// What `action` fails with, or that another batch failed before.
    pub fn take(&self, number: usize, action: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        let state = self.state.lock().ok().context("another thread failed")?;
        let waiting = |state: &mut State| state.next != number && !state.given_up;
        let state = self.changed.wait_while(state, waiting).ok().context("another thread failed")?;
        if state.given_up {
            bail!("another thread failed");
        }
        drop(state);
        action()?;
        self.state.lock().ok().context("another thread failed")?.next = number + 1;
        self.changed.notify_all();
        Ok(())
    }

    /// Lets everyone who waits fail, because a turn will never be taken.
    pub fn give_up(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.given_up = true;
        }
        self.changed.notify_all();
    }
}
