//! What can be counted, and how much of it is wanted.

use crate::index::{Column, fold};

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Values of a column.
    Column(Column),
    /// Those an article is about and those it mentions, as `people`.
    Everyone,
    /// Calendar years, `2024`.
    Year,
    /// Calendar quarters, `2024-Q2`.
    Quarter,
    /// Calendar months, `2024-05`.
    Month,
    /// ISO 8601 weeks, `2024-W18`.
    Week,
    /// Days, `2024-05-01`.
    Day,
}

/// The units of time, with their names.
pub(super) const UNITS: [(Facet, &str); 5] = [
    (Facet::Year, "year"),
    (Facet::Quarter, "quarter"),
    (Facet::Month, "month"),
    (Facet::Week, "week"),
    (Facet::Day, "day"),
];

/// A facet and how much of it to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetRequest {
    /// What to count.
    pub facet: Facet,
    /// A second facet: each value of the first is counted together with each of this one.
    pub with: Option<Facet>,
    /// Values to give; 0 gives all. `none` takes no value's place.
    pub limit: usize,
    /// Their order; by default the most frequent first, dates in their order.
    pub sort: Option<FacetSort>,
    /// Values with fewer articles are left out.
    pub min: u64,
    /// Only values that hold this text, in any case and with or without accents; a country's name counts as its value.
    pub holding: Option<String>,
}

/// The order of a facet's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetSort {
    /// Most frequent first, equals by value.
    Count,
    /// By value.
    Name,
}

impl Facet {
    /// The facet of this name, a list also in the singular.
    pub fn named(name: &str) -> Option<Self> {
        let unit = UNITS.iter().find(|(_, unit)| *unit == name).map(|(facet, _)| *facet);
        unit.or_else(|| Column::named(name).map(Self::Column))
    }

    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Column(column) => column.name(),
            Self::Everyone => Column::People.name(),
            unit => UNITS.iter().find(|(facet, _)| *facet == unit).map_or("day", |(_, name)| name),
        }
    }

    /// The column it counts, if it is one.
    pub fn column(self) -> Option<Column> {
        match self {
            Self::Column(column) => Some(column),
            Self::Everyone => Some(Column::People),
            _ => None,
        }
    }

    /// The same, with those mentioned among the people.
    #[must_use]
    pub fn with_mentioned(self) -> Self {
        if self == Self::Column(Column::People) { Self::Everyone } else { self }
    }

    /// Names of all facets there are.
    pub fn names() -> impl Iterator<Item = &'static str> {
        crate::index::COLUMNS.iter().map(|(_, name, _)| *name).chain(UNITS.iter().map(|(_, name)| *name))
    }
}

impl FacetRequest {
    /// The values of a facet in their usual order.
    pub fn new(facet: Facet, limit: usize) -> Self {
        Self { facet, with: None, limit, sort: None, min: 0, holding: None }
    }

    /// The same, with those mentioned among the people.
    #[must_use]
    pub fn with_mentioned(&self) -> Self {
        let (facet, with) = (self.facet.with_mentioned(), self.with.map(Facet::with_mentioned));
        Self { facet, with, ..self.clone() }
    }

    /// Its name in answers: `people`, or `leaders,year` for two facets crossed.
    pub fn name(&self) -> String {
        match self.with {
            Some(with) => format!("{},{}", self.facet.name(), with.name()),
            None => self.facet.name().to_owned(),
        }
    }

    /// The facets counted.
    pub fn facets(&self) -> impl Iterator<Item = Facet> {
        [Some(self.facet), self.with].into_iter().flatten()
    }

    pub(super) fn sort(&self) -> FacetSort {
        let dates = self.facets().all(|facet| facet.column().is_none());
        self.sort.unwrap_or(if dates { FacetSort::Name } else { FacetSort::Count })
    }

    /// The text values must hold, folded.
    pub(super) fn needle(&self) -> Option<String> {
        self.holding.as_deref().map(fold)
    }
}
