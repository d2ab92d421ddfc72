//! What an address asks for: the names after the `?` are those of the command line's flags, so that an answer can be had
//! either way.

use crate::date::{Date, Range, range};
use crate::index::{COLUMNS, Column};
use crate::query::{QueryError, nearest, parse, parse_any};
use crate::search::{Filter, Mentions, SearchRequest, Sort};

/// Longest query read, in bytes.
pub const LONGEST_QUERY: usize = 4096;

/// Most hits of one answer; more are had with `offset`, or with an export.
pub const MOST_HITS: usize = 1000;

/// Farthest hit an answer may begin at.
const FARTHEST: usize = 1_000_000;

/// Names every search understands besides the filters.
const SEARCH_NAMES: [&str; 10] = ["q", "match", "mentions", "from", "to", "sort", "boost", "limit", "offset", "facet"];

/// The names and values of an address, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// Why an address is not understood.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The query, with the place where it goes wrong.
    #[error("{0}")]
    Query(QueryError),
    /// Anything else, with what would do.
    #[error("{0}")]
    Other(String),
}

impl Parameters {
    /// Reads what follows the `?`.
    pub fn read(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        Self::of(form_urlencoded::parse(text.as_bytes()).map(|(n, v)| (n.into_owned(), v.into_owned())))
    }

    /// Names with their values; a list field may be named in either form.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let known = |name: String| {
            COLUMNS.iter().find(|(_, plural, _)| *plural == name).map_or(name, |found| found.2.to_owned())
        };
        Self(pairs.into_iter().map(|(name, value)| (known(name), value)).collect())
    }

    /// The first value of a name that is not empty.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The values of a name that are not empty: a form sends its empty fields too.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs().filter(move |(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All that is given, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// One more value; a list of hits begins anew.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without_name("offset");
        changed.0.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// This value instead of all others of its name.
    #[must_use]
    pub fn set(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without_name("offset").without_name(name);
        if !value.is_empty() {
            changed.0.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// Without this value.
    #[must_use]
    pub fn without(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without_name("offset");
        changed.0.retain(|(known, given)| known != name || given != value);
        changed
    }

    /// Without any value of this name.
    #[must_use]
    pub fn without_name(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(known, _)| known != name).cloned().collect())
    }

    /// Only what selects articles: no order, no page, nothing looked through.
    #[must_use]
    pub fn of_articles(&self) -> Self {
        let selects = |name: &str| {
            matches!(name, "q" | "match" | "from" | "to") || COLUMNS.iter().any(|(.., singular)| *singular == name)
        };
        Self(self.0.iter().filter(|(name, _)| selects(name)).cloned().collect())
    }

    /// As it stands in an address.
    pub fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// Refuses names that nothing would read, so that a misspelt filter is never left out in silence.
    ///
    /// # Errors
    /// Names the parameter, and the one meant.
    pub fn check(&self, more: &[&str]) -> Result<(), Refused> {
        let known =
            || SEARCH_NAMES.into_iter().chain(COLUMNS.map(|(.., singular)| singular)).chain(more.iter().copied());
        for (name, _) in &self.0 {
            if !known().any(|known| known == name) {
                let meant =
                    nearest(name, known()).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
                return Err(Refused::Other(format!("no parameter `{name}`{meant}")));
            }
        }
        Ok(())
    }

    /// A search request, and what was noticed while reading it.
    ///
    /// # Errors
    /// If the query, a date, a number or a facet is not understood.
    pub fn request(&self, today: Date) -> Result<(SearchRequest, Vec<String>), Refused> {
        let text = self.first("q").unwrap_or_default();
        if text.len() > LONGEST_QUERY {
            return Err(Refused::Other(format!("the query is longer than {LONGEST_QUERY} bytes")));
        }
        let parsed = match self.first("match") {
            None | Some("all") => parse(text, today),
            Some("any") => parse_any(text, today),
            Some(other) => return Err(Refused::Other(format!("match is `all` or `any`, not `{other}`"))),
        }
        .map_err(Refused::Query)?;
        let sort = match self.first("sort") {
            None | Some("relevance") => Sort::Relevance,
            Some("newest") => Sort::Newest,
            Some("oldest") => Sort::Oldest,
            Some(other) => {
                return Err(Refused::Other(format!("sort is `relevance`, `newest` or `oldest`, not `{other}`")));
            }
        };
        let request = SearchRequest {
            text: text.to_owned(),
            query: parsed.node,
            filters: self.filters(),
            dates: self.dates(today)?,
            facets: self.all("facet").map(|text| text.parse().map_err(Refused::Other)).collect::<Result<_, _>>()?,
            sort,
            limit: self.number("limit", 10, MOST_HITS)?,
            offset: self.number("offset", 0, FARTHEST)?,
            boost_recent: match self.first("boost") {
                None => false,
                Some("recent") => true,
                Some(other) => return Err(Refused::Other(format!("boost is `recent`, not `{other}`"))),
            },
            mentions: match self.first("mentions") {
                None | Some("subjects") => Mentions::Subjects,
                Some("all") => Mentions::All,
                Some(other) => return Err(Refused::Other(format!("mentions is `subjects` or `all`, not `{other}`"))),
            },
            explain_score: false,
        };
        Ok((request, parsed.warnings))
    }

    fn filters(&self) -> Vec<Filter> {
        let filters = COLUMNS.iter().map(|(column, _, singular)| {
            let values = self.all(singular).map(str::to_owned).collect();
            Filter { column: *column, values }
        });
        filters.filter(|filter| !filter.values.is_empty()).collect()
    }

    fn dates(&self, today: Date) -> Result<Option<Range>, Refused> {
        let bound = |name: &str| {
            let Some(text) = self.first(name) else { return Ok(None) };
            range(text, today).map(Some).map_err(|error| Refused::Other(format!("{name}={text}: {error}")))
        };
        let (from, to) = (bound("from")?, bound("to")?);
        if from.is_none() && to.is_none() {
            return Ok(None);
        }
        let dates = Range { first: from.and_then(|from| from.first), last: to.and_then(|to| to.last) };
        if dates.first.zip(dates.last).is_some_and(|(first, last)| first > last) {
            return Err(Refused::Other("`from` lies after `to`".to_owned()));
        }
        Ok(Some(dates))
    }

    /// A number up to another; the usual one if none is given.
    ///
    /// # Errors
    /// If it is none, or larger.
    pub fn number(&self, name: &str, usual: usize, most: usize) -> Result<usize, Refused> {
        let Some(text) = self.first(name) else { return Ok(usual) };
        text.parse()
            .ok()
            .filter(|number| *number <= most)
            .ok_or_else(|| Refused::Other(format!("{name} is a number up to {most}, not `{text}`")))
    }
}

/// The parameter that filters by a column.
pub fn filter_name(column: Column) -> &'static str {
    column.singular()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(SearchRequest, Vec<String>), Refused> {
        Parameters::read(Some(text)).request(Date::ymd(2024, 6, 1).expect("a day"))
    }

    #[test]
    fn an_address_reads_like_the_flags() {
        let (request, _) =
            read("q=truce&person=Ann&person=Bob&from=2020&facet=year&facet=people:3&limit=5").expect("understood");
        assert_eq!(request.text, "truce");
        assert_eq!(request.filters, [Filter { column: Column::People, values: vec!["Ann".into(), "Bob".into()] }]);
        assert_eq!(request.facets.iter().map(|facet| facet.limit).collect::<Vec<_>>(), [0, 3]);
        assert!(request.dates.is_some_and(|dates| dates.last.is_none()));
        assert_eq!(request.limit, 5);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (wrong, says) in [
            ("q=%28a", "q"),
            ("limit=-1", "limit is a number"),
            ("limit=1001", "up to 1000"),
            ("sort=best", "not `best`"),
            ("facet=colour", "no facet `colour`"),
            ("from=2024&to=2020", "lies after"),
        ] {
            let error = read(wrong).expect_err(wrong).to_string();
            assert!(says == "q" || error.contains(says), "{wrong}: {error}");
        }
        let error = Parameters::read(Some("persn=Ann")).check(&[]).expect_err("no such name").to_string();
        assert_eq!(error, "no parameter `persn`; did you mean `person`?");
    }

    #[test]
    fn addresses_are_changed_one_value_at_a_time() {
        let given = Parameters::read(Some("q=a+b&person=Ann&offset=20"));
        assert_eq!(given.with("country", "FR").encoded(), "q=a+b&person=Ann&country=FR");
        assert_eq!(given.without("person", "Ann").encoded(), "q=a+b");
        assert_eq!(given.set("q", "c&d").encoded(), "person=Ann&q=c%26d");
    }
}
