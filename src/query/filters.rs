//! Filters given beside the query, by flags or parameters: `--from 2024-05 --to 2024`, `--facet people`.

use crate::date::{Date, Range, range};
use crate::index::{COLUMNS, Column};

use super::error::QueryError;
use super::parse::nearest;

/// The column of a name in the plural or singular.
///
/// # Errors
/// If there is none, with the nearest name.
pub fn column_named(name: &str) -> Result<Column, QueryError> {
    Column::named(&name.to_ascii_lowercase()).ok_or_else(|| {
        let names = COLUMNS.iter().flat_map(|(_, plural, singular)| [*plural, *singular]);
        let error = QueryError::new(format!("no field `{name}` to filter or count by"), 0..name.len());
        match nearest(name, names) {
            Some(meant) => error.suggesting(meant),
            None => error,
        }
    })
}

/// The days from the first of `from` to the last of `to`, each as people type dates: `--from 2024-05 --to 2024` is May to
/// December. `None` if neither is given.
///
/// # Errors
/// If one is no date, or the second ends before the first begins; its span lies in the text that is wrong.
pub fn dates_between(from: Option<&str>, to: Option<&str>, today: Date) -> Result<Option<Range>, QueryError> {
    let read = |text: &str| {
        range(text, today).map_err(|error| {
            let line = error.to_string();
            match error.suggestion {
                Some(suggestion) => QueryError::new(error.problem, 0..text.len()).suggesting(suggestion),
                None => QueryError::new(line, 0..text.len()),
            }
        })
    };
    let first = from.map(read).transpose()?.and_then(|range| range.first);
    let last = to.map(read).transpose()?.and_then(|range| range.last);
    if let (Some(from), Some(to)) = (from, to)
        && let (Some(first), Some(last)) = (first, last)
        && first > last
    {
        return Err(QueryError::new(format!("`{to}` ends before `{from}` begins"), 0..to.len()));
    }
    Ok((from.is_some() || to.is_some()).then_some(Range { first, last }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dates_make_a_range_of_all_their_days() {
        let today = Date::ymd(2024, 5, 31).expect("a day");
        let days = |from, to| dates_between(from, to, today).map(|range| range.map(|range| (range.first, range.last)));
        assert_eq!(days(None, None), Ok(None));
        assert_eq!(days(Some("1970"), Some("1970-01")), Ok(Some((Some(0), Some(30)))));
        assert_eq!(days(None, Some("1970")), Ok(Some((None, Some(364)))));
        assert!(days(Some("2024-06"), Some("2024-05")).is_err());
        assert!(days(Some("2024-13"), None).is_err());
    }

    #[test]
    fn a_misspelt_column_is_met_with_the_right_name() {
        assert_eq!(column_named("person"), Ok(Column::People));
        assert_eq!(column_named("poeple").map_err(|error| error.suggestion), Err(Some("people".to_owned())));
    }
}
