//! How often something is published, and when it was not: an archive's gaps and sources that fell silent are told by their own
//! rhythm, so that a weekly is not called silent on its sixth day.

use serde::Serialize;

use crate::date::Date;

/// Fewer days tell no rhythm.
const FEWEST_DAYS: usize = 5;

/// A time without articles, longer than is usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// First day without.
    pub from: Date,
    /// Last day without.
    pub to: Date,
    /// How many days.
    pub days: i64,
}

/// The longest time between neighbouring days that is still usual: twice that of nine in ten. `None` if there are too
/// few days to tell. Days are sorted and each stands once.
pub fn longest_usual(days: &[i64]) -> Option<i64> {
    if days.len() < FEWEST_DAYS {
        return None;
    }
    let mut steps: Vec<i64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    steps.get((steps.len() - 1) * 9 / 10).map(|step| step * 2)
}

/// The gaps between sorted days.
pub fn gaps(days: &[i64]) -> Vec<Gap> {
    let Some(longest) = longest_usual(days) else { return Vec::new() };
    let gap = |pair: &[i64]| {
        let (from, to) = (Date::from_days(pair[0] + 1)?, Date::from_days(pair[1] - 1)?);
        Some(Gap { from, to, days: pair[1] - pair[0] - 1 })
    };
    days.windows(2).filter(|pair| pair[1] - pair[0] > longest).filter_map(gap).collect()
}

/// Whether something published on these days was silent at the end, a day.
pub fn is_silent(days: &[i64], end: i64) -> bool {
    match (longest_usual(days), days.last()) {
        (Some(longest), Some(last)) => end - last > longest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekend_is_no_gap_and_a_missing_week_is_one() {
        // Mondays to Fridays of eight weeks, the fifth left out
        let days: Vec<i64> = (4..60).filter(|day| (day - 4) % 7 < 5 && !(32..39).contains(day)).collect();
        let found = gaps(&days);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].from.to_string(), found[0].days), ("1970-01-31".to_owned(), 9));
    }

    #[test]
    fn a_source_is_silent_by_its_own_rhythm() {
        let daily: Vec<i64> = (0..30).collect();
        let weekly: Vec<i64> = (0..30).step_by(7).collect();
        assert!(is_silent(&daily, 35) && !is_silent(&weekly, 35));
        assert!(!is_silent(&daily[..3], 1000), "three days tell no rhythm");
    }
}
