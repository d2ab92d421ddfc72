//! What stdout is: how wide, and whether it shows colour.

use std::io::IsTerminal;

/// A line is no longer than this even on a wide screen: longer ones are hard to read.
const WIDEST: usize = 100;

/// Where text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Columns to write in.
    pub width: usize,
    /// Whether bold and dim are shown.
    pub colour: bool,
}

impl Terminal {
    /// That of stdout; what is no terminal gets no colour and the widest line.
    pub fn of_stdout() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let refuses = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let width = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
        Self { width: width.unwrap_or(WIDEST).clamp(40, WIDEST), colour: is_terminal && !refuses }
    }

    /// What matters most.
    pub fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What matters least.
    pub fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    /// A match.
    pub fn marked(&self, text: &str) -> String {
        self.paint("1;33", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
