//! Facets as people write them: `people`, `countries:20`, `people:~zel`, `leaders,year`.

use std::str::FromStr;

use crate::index::COLUMNS;
use crate::query::nearest;

use super::request::{Facet, FacetRequest};

/// Values a facet gives unless told otherwise; dates give all, since the first ten days tell nothing.
const FACET_VALUES: usize = 10;

impl FromStr for FacetRequest {
    type Err = String;

    /// Reads `NAME`, `NAME:N`, `NAME:~TEXT` or `NAME:N:~TEXT`, where `NAME` may be two names with a comma between; 0 gives every
    /// value. The error names the facets there are.
    fn from_str(text: &str) -> Result<Self, String> {
        let (names, rest) = text.split_once(':').map_or((text, None), |(names, rest)| (names, Some(rest)));
        let (first, second) = names.split_once(',').map_or((names, None), |(first, second)| (first, Some(second)));
        let (facet, with) = (facet_named(first)?, second.map(facet_named).transpose()?);
        if with == Some(facet) {
            return Err(format!("`{names}` crosses a facet with itself"));
        }
        let usual = if facet.column().is_some() { FACET_VALUES } else { 0 };
        let mut request = Self { with, ..Self::new(facet, usual) };
        let (limit, holding) = match rest {
            Some(rest) if rest.starts_with('~') => (None, Some(&rest[1..])),
            Some(rest) => match rest.split_once(":~") {
                Some((limit, holding)) => (Some(limit), Some(holding)),
                None => (Some(rest), None),
            },
            None => (None, None),
        };
        if let Some(limit) = limit {
            let wrong =
                |_| format!("`{limit}` is no number; write `{names}:10`, `{names}:0` for all, or `{names}:~text`");
            request.limit = limit.parse().map_err(wrong)?;
        }
        if holding.is_some_and(|holding| !holding.contains(char::is_alphanumeric)) {
            return Err(format!("`~` wants some text after it, as in `{names}:~zel`"));
        }
        Ok(Self { holding: holding.map(str::to_owned), ..request })
    }
}

fn facet_named(name: &str) -> Result<Facet, String> {
    if let Some(facet) = Facet::named(name) {
        return Ok(facet);
    }
    let singular = COLUMNS.iter().map(|(.., singular)| *singular);
    if let Some(meant) = nearest(name, Facet::names().chain(singular)) {
        return Err(format!("no facet `{name}`; did you mean `{meant}`?"));
    }
    Err(format!("no facet `{name}`; facets are {}", Facet::names().collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use crate::index::Column;

    use super::*;

    fn read(text: &str) -> Result<FacetRequest, String> {
        text.parse()
    }

    #[test]
    fn a_facet_is_a_name_with_an_optional_number() {
        let people = Facet::Column(Column::People);
        assert_eq!(read("people"), Ok(FacetRequest::new(people, 10)));
        assert_eq!(read("person:3"), Ok(FacetRequest::new(people, 3)));
        assert_eq!(read("year"), Ok(FacetRequest::new(Facet::Year, 0)));
        assert_eq!(read("poeple"), Err("no facet `poeple`; did you mean `people`?".to_owned()));
        let holding = |limit| FacetRequest { holding: Some("zel".to_owned()), ..FacetRequest::new(people, limit) };
        assert_eq!(read("people:~zel"), Ok(holding(10)));
        assert_eq!(read("people:0:~zel"), Ok(holding(0)));
        let crossed = FacetRequest { with: Some(Facet::Year), ..FacetRequest::new(people, 5) };
        assert_eq!(read("people,year:5"), Ok(crossed));
        for wrong in ["people:x", "people:~", "people,people", "people,", "people:~ "] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read("colour").is_err_and(|error: String| error.starts_with("no facet `colour`; facets are source")));
    }
}
