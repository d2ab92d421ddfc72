//! Limits as people give them: `25`, `1%`, `removed>1%`.

use std::fmt;
use std::str::FromStr;

/// A number, or a part of a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// So many.
    Count(u64),
    /// So many of a hundred.
    Percent(f64),
}

impl Limit {
    /// Whether a number out of a whole is over the limit. A part of nothing is nothing, or all.
    pub fn is_under(self, number: u64, whole: u64) -> bool {
        match self {
            Self::Count(limit) => number > limit,
            Self::Percent(_) if whole == 0 => number > 0,
            Self::Percent(percent) => number as f64 * 100.0 > percent * whole as f64,
        }
    }

    /// Whether a number out of a whole does not reach the limit.
    pub fn is_over(self, number: u64, whole: u64) -> bool {
        match self {
            Self::Count(limit) => number < limit,
            Self::Percent(percent) => (number as f64 * 100.0) < percent * whole as f64,
        }
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no limit; write a number or a part: 25, 1%");
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
                if percent.is_finite() && percent >= 0.0 { Ok(Self::Percent(percent)) } else { Err(wrong()) }
            }
            None => text.trim().parse().map(Self::Count).map_err(|_| wrong()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// What a difference can be held to.
const NAMES: [&str; 5] = ["added", "removed", "changed", "moved", "silent"];

/// More or less of something than allowed: `removed>1%`, `added<1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// What is counted.
    pub name: &'static str,
    /// Whether less than the limit fails, and not more.
    pub at_least: bool,
    /// How much.
    pub limit: Limit,
}

impl Threshold {
    /// Whether a number out of a whole is not allowed.
    pub fn is_crossed(&self, number: u64, whole: u64) -> bool {
        if self.at_least { self.limit.is_over(number, whole) } else { self.limit.is_under(number, whole) }
    }
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no threshold; write one of {} with > or <: removed>1%", NAMES.join(", "));
        let place = text.find(['<', '>']).ok_or_else(wrong)?;
        let name = NAMES.into_iter().find(|name| *name == text[..place].trim()).ok_or_else(wrong)?;
        let limit = text[place + 1..].trim().parse()?;
        Ok(Self { name, at_least: text[place..].starts_with('<'), limit })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.name, if self.at_least { '<' } else { '>' }, self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_crossed_beyond_its_limit_and_not_at_it() {
        let crossed =
            |text: &str, number, whole| text.parse::<Threshold>().expect("a threshold").is_crossed(number, whole);
        assert!(!crossed("removed>1%", 10, 1000));
        assert!(crossed("removed>1%", 11, 1000));
        assert!(crossed("removed > 0", 1, 1000));
        assert!(!crossed("added<1", 1, 0));
        assert!(crossed("added<1", 0, 0));
        assert!(crossed("changed>50%", 1, 0), "something of nothing is more than any part of it");
    }

    #[test]
    fn what_is_no_threshold_is_told_how_one_looks() {
        for wrong in ["", "removed", "removd>1", "removed>many", "removed>-1%", "removed>nan%"] {
            assert!(wrong.parse::<Threshold>().is_err(), "{wrong}");
        }
    }
}
