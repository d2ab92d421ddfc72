//! Units of time as numbers: which year, quarter, month, week or day each day of the archive lies in.

use tantivy::Searcher;

use crate::date::Date;

use super::request::Facet;

/// Most days told apart one by one; an archive cannot span more, its dates being refused before 1600.
const MOST_DAYS: i64 = 400 * 366 + 400 * 366;

/// The units of one length between the first and the last day of an archive.
pub struct Days {
    first_day: i64,
    /// Number of the unit of each day.
    unit_of: Vec<u32>,
    labels: Vec<String>,
}

impl Days {
    /// Numbers the units of time from a first to a last day, since 1970.
    pub fn new(unit: Facet, (first_day, last_day): (i64, i64)) -> Self {
        let mut days = Self { first_day, unit_of: Vec::new(), labels: Vec::new() };
        let mut current = None;
        for day in first_day..=last_day.min(first_day.saturating_add(MOST_DAYS)) {
            let Some(date) = Date::from_days(day) else { break };
            let key = key(unit, day, date);
            if current != Some(key) {
                current = Some(key);
                days.labels.push(label(unit, day, date));
            }
            days.unit_of.push(days.labels.len() as u32 - 1);
        }
        days
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// The name of a unit.
    pub fn label(&self, number: usize) -> &str {
        &self.labels[number]
    }

    /// The unit in which both days lie; `None` if a date is too vague to lie in one.
    pub fn unit(&self, first: i64, last: i64) -> Option<u32> {
        let unit = |day: i64| self.unit_of.get(usize::try_from(day - self.first_day).ok()?).copied();
        unit(first).filter(|found| first == last || unit(last) == Some(*found))
    }
}

/// The first and last day any article can mean, in days since 1970; `None` if none has a date.
///
/// # Errors
/// If the index is damaged.
pub fn bounds(searcher: &Searcher) -> tantivy::Result<Option<(i64, i64)>> {
    let mut bounds: Option<(i64, i64)> = None;
    for segment in searcher.segment_readers() {
        let column = |name| segment.fast_fields().column_opt::<i64>(name);
        let (Some(first), Some(last)) = (column("first_day")?, column("last_day")?) else { continue };
        if first.values.num_vals() > 0 {
            let (from, to) = bounds.unwrap_or((i64::MAX, i64::MIN));
            bounds = Some((from.min(first.min_value()), to.max(last.max_value())));
        }
    }
    Ok(bounds)
}

fn monday(day: i64) -> i64 {
    // the first day of 1970 was a Thursday
    day - (day + 3).rem_euclid(7)
}

fn key(unit: Facet, day: i64, date: Date) -> (i64, i8) {
    let (year, month) = (i64::from(date.year()), date.month().unwrap_or(1));
    match unit {
        Facet::Year => (year, 0),
        Facet::Quarter => (year, (month - 1) / 3),
        Facet::Month => (year, month),
        Facet::Week => (monday(day), 0),
        Facet::Day | Facet::Column(_) | Facet::Everyone => (day, 0),
    }
}

fn label(unit: Facet, day: i64, date: Date) -> String {
    let (year, month) = (date.year(), date.month().unwrap_or(1));
    match unit {
        Facet::Year => format!("{year:04}"),
        Facet::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
        Facet::Month => format!("{year:04}-{month:02}"),
        Facet::Week => {
            // a week belongs to the year of its Thursday: ISO 8601
            let thursday = monday(day) + 3;
            let year = Date::from_days(thursday).map_or(year, |date| date.year());
            let new_year = Date::ymd(year, 1, 1).map_or(thursday, |date| date.first_day());
            format!("{year:04}-W{:02}", (thursday - new_year) / 7 + 1)
        }
        Facet::Day | Facet::Column(_) | Facet::Everyone => date.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(facet: Facet, first: &str, last: &str) -> Option<String> {
        let day = |text: &str| text.parse::<Date>().expect("a date").first_day();
        let days = Days::new(facet, (day("2004-01-01"), day("2027-12-31")));
        days.unit(day(first), day(last)).map(|number| days.label(number as usize).to_owned())
    }

    #[test]
    fn days_lie_in_the_units_of_the_calendar() {
        let on = |facet, day| unit(facet, day, day).unwrap_or_default();
        assert_eq!(on(Facet::Year, "2024-02-29"), "2024");
        assert_eq!(on(Facet::Quarter, "2024-06-30"), "2024-Q2");
        assert_eq!(on(Facet::Month, "2024-02-29"), "2024-02");
        assert_eq!(on(Facet::Day, "2024-02-29"), "2024-02-29");
        // ISO 8601's own examples
        for (day, week) in [
            ("2005-01-01", "2004-W53"),
            ("2005-12-31", "2005-W52"),
            ("2007-01-01", "2007-W01"),
            ("2008-12-29", "2009-W01"),
            ("2010-01-03", "2009-W53"),
        ] {
            assert_eq!(on(Facet::Week, day), week, "{day}");
        }
    }

    #[test]
    fn a_vague_date_lies_in_no_unit_shorter_than_itself() {
        assert_eq!(unit(Facet::Month, "2024-01-01", "2024-12-31"), None);
        assert_eq!(unit(Facet::Year, "2024-01-01", "2024-12-31").as_deref(), Some("2024"));
        assert_eq!(unit(Facet::Year, "1999-01-01", "1999-12-31"), None);
    }
}
