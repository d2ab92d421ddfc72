//! Which articles: the query, the filters and the dates every search verb takes.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use dateline::date::{Date, Range, range};
use dateline::index::Column;
use dateline::query::{parse, parse_any};
use dateline::search::{FacetRequest, FacetSort, Filter, Mentions, SearchRequest};

use super::outcome::Pointed;
use super::reading::day;

/// Filters beside the query: any value of one flag, all flags together.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters (repeat a flag for any of its values; different flags must all hold)")]
pub struct Selection {
    /// About this person, by any name: `Zelensky`
    #[arg(long, value_name = "NAME")]
    person: Vec<String>,
    /// About this person, in office at the article's date
    #[arg(long, value_name = "NAME")]
    leader: Vec<String>,
    /// About this country, by code, name or demonym: `FR`, `France`, `French`
    #[arg(long, value_name = "COUNTRY")]
    country: Vec<String>,
    /// Published by
    #[arg(long, value_name = "SOURCE")]
    source: Vec<String>,
    /// Written in: `en`, `pt-BR`
    #[arg(long, value_name = "CODE")]
    language: Vec<String>,
    /// In this section
    #[arg(long, value_name = "SECTION")]
    section: Vec<String>,
    /// With this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// With this byline
    #[arg(long, value_name = "NAME")]
    author: Vec<String>,
    /// Crediting this agency
    #[arg(long, value_name = "AGENCY")]
    wire: Vec<String>,
    /// Who counts as people in facets, `person:`, `--person` and exports: those an article is about, or everyone it names
    #[arg(long, value_name = "WHO", default_value = "subjects")]
    mentions: Who,
    /// Not before: `2024`, `2024-05`, `2024-05-01`, `last-7d`
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Not after, to the end of it: `2024` is its last day
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// Whether all words must be found, or any of them; `any` reads AND, OR and NOT as words
    #[arg(long = "match", value_name = "HOW", default_value = "all")]
    matching: Words,
    /// The day `today` and `last-7d` count from [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
    /// The time zone whose calendar says which day today is: `Europe/Berlin`, `+03:00` [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = today_in, conflicts_with = "today")]
    tz: Option<Date>,
}

/// The current day in a time zone.
fn today_in(zone: &str) -> Result<Date, String> {
    Date::today_in(zone).ok_or_else(|| {
        "no such time zone on this system; name one as `Europe/Berlin`, or a distance from UTC as `+03:00`".to_owned()
    })
}

/// How words are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Words {
    All,
    Any,
}

/// Who counts as people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Who {
    /// Those an article is about
    Subjects,
    /// Everyone it names
    All,
}

impl Selection {
    /// The day relative dates count from.
    pub fn today(&self) -> Date {
        self.today.or(self.tz).unwrap_or_else(Date::today)
    }

    /// A request for the articles a query and the filters select, and what was noticed on the way.
    ///
    /// # Errors
    /// [`Pointed`] if the query is not understood; else if a date is not.
    pub fn request(&self, text: &str) -> anyhow::Result<(SearchRequest, Vec<String>)> {
        let understood = match self.matching {
            Words::All => parse(text, self.today()),
            Words::Any => parse_any(text, self.today()),
        };
        let parsed = understood.map_err(|error| Pointed(error.pointed(text)))?;
        let request = SearchRequest {
            text: text.to_owned(),
            query: parsed.node,
            filters: self.filters(),
            dates: self.dates()?,
            mentions: match self.mentions {
                Who::Subjects => Mentions::Subjects,
                Who::All => Mentions::All,
            },
            ..SearchRequest::default()
        };
        Ok((request, parsed.warnings))
    }

    fn filters(&self) -> Vec<Filter> {
        let given = [
            (Column::People, &self.person),
            (Column::Leaders, &self.leader),
            (Column::Countries, &self.country),
            (Column::Source, &self.source),
            (Column::Language, &self.language),
            (Column::Section, &self.section),
            (Column::Tags, &self.tag),
            (Column::Authors, &self.author),
            (Column::Wire, &self.wire),
        ];
        given
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(column, values)| Filter { column, values: values.clone() })
            .collect()
    }

    fn dates(&self) -> anyhow::Result<Option<Range>> {
        let bound = |flag: &str, text: &Option<String>| -> anyhow::Result<Option<Range>> {
            let Some(text) = text else { return Ok(None) };
            range(text, self.today()).map(Some).map_err(|error| anyhow!("--{flag} {text}: {error}"))
        };
        let (from, to) = (bound("from", &self.from)?, bound("to", &self.to)?);
        if from.is_none() && to.is_none() {
            return Ok(None);
        }
        let dates = Range { first: from.and_then(|from| from.first), last: to.and_then(|to| to.last) };
        match (&self.from, &self.to) {
            (Some(text), _) if dates.first.is_none() => bail!("--from {text} has no beginning"),
            (_, Some(text)) if dates.last.is_none() => bail!("--to {text} has no end"),
            (Some(from), Some(to)) if dates.first > dates.last => bail!("--from {from} lies after --to {to}"),
            _ => Ok(Some(dates)),
        }
    }
}

/// Joins the words of a command line into one query.
pub fn query(words: &[String]) -> String {
    words.join(" ")
}

/// Parses a facet as [`FacetRequest`] reads it.
///
/// # Errors
/// Names the facets there are.
pub fn facet(text: &str) -> Result<FacetRequest, String> {
    text.parse()
}

/// How all facets are given.
#[derive(Debug, Args)]
pub struct FacetFlags {
    /// Order of a facet's values: most frequent first, or by name [default: count, dates by name]
    #[arg(long, value_name = "ORDER")]
    facet_sort: Option<FacetOrder>,
    /// Leave out values with fewer articles
    #[arg(long, value_name = "N", default_value_t = 0)]
    facet_min: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FacetOrder {
    Count,
    Name,
}

impl FacetFlags {
    /// The facets asked for, each in that order and with that minimum.
    pub fn applied(&self, facets: &[FacetRequest]) -> Vec<FacetRequest> {
        let sort = self.facet_sort.map(|order| match order {
            FacetOrder::Count => FacetSort::Count,
            FacetOrder::Name => FacetSort::Name,
        });
        facets.iter().map(|facet| FacetRequest { sort, min: self.facet_min, ..facet.clone() }).collect()
    }
}
