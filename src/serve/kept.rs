//! Answers kept in memory: what many ask is worked out once. An answer is known by its `ETag`, which changes with the archive, the
//! aliases, the day and the program, so that none is ever given for another archive.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;

/// Bytes kept at most.
const MOST_BYTES: usize = 64 << 20;

/// An answer larger than this is not kept.
const LARGEST: usize = 1 << 20;

/// What an entry costs beside its answer.
const OVERHEAD: usize = 256;

/// Answers by their `ETag`, the ones asked for longest ago leaving first.
#[derive(Default)]
pub struct Kept(Mutex<Held>);

#[derive(Default)]
struct Held {
    answers: HashMap<String, (u64, Bytes)>,
    order: BTreeMap<u64, String>,
    bytes: usize,
    clock: u64,
}

impl Kept {
    /// The answer of this `ETag`, if it is kept.
    pub fn get(&self, etag: &str) -> Option<Bytes> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { answers, order, clock, .. } = &mut *held;
        let (used, answer) = answers.get_mut(etag)?;
        let name = order.remove(used)?;
        *clock += 1;
        *used = *clock;
        order.insert(*clock, name);
        Some(answer.clone())
    }

    /// Keeps an answer.
    pub fn put(&self, etag: &str, answer: &Bytes) {
        if answer.len() > LARGEST {
            return;
        }
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.clock += 1;
        let clock = held.clock;
        if let Some((used, old)) = held.answers.insert(etag.to_owned(), (clock, answer.clone())) {
            held.order.remove(&used);
            held.bytes -= old.len() + OVERHEAD;
        }
        held.order.insert(clock, etag.to_owned());
        held.bytes += answer.len() + OVERHEAD;
        while held.bytes > MOST_BYTES {
            let Some((_, oldest)) = held.order.pop_first() else { break };
            if let Some((_, old)) = held.answers.remove(&oldest) {
                held.bytes -= old.len() + OVERHEAD;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_longest_ago_leaves_first() {
        let kept = Kept::default();
        let answer = Bytes::from(vec![0; LARGEST - OVERHEAD]);
        let most = MOST_BYTES / LARGEST;
        for number in 0..most {
            kept.put(&number.to_string(), &answer);
        }
        assert!(kept.get("0").is_some());
        kept.put("again", &answer);
        assert!(kept.get("0").is_some() && kept.get("1").is_none() && kept.get("2").is_some());
        kept.put("huge", &Bytes::from(vec![0; LARGEST + 1]));
        assert!(kept.get("huge").is_none());
        kept.put("2", &Bytes::from_static(b"new"));
        assert_eq!(kept.get("2").as_deref(), Some(&b"new"[..]));
    }
}
