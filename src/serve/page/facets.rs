//! What a search can be narrowed by: the values of some fields with their counts, to tick, to leave out, to look through.

use maud::{Markup, html};

use crate::index::Column;
use crate::query::{Kind, Node};
use crate::search::{Facet, FacetCount, FacetRequest, NO_VALUE, SearchResults};

use super::super::parameters::{Parameters, filter_name};
use super::{grouped, label, plain, search_address};

/// The fields shown, with the words above them.
pub const SHOWN: [(Column, &str); 6] = [
    (Column::Leaders, "Leaders"),
    (Column::People, "People"),
    (Column::Countries, "Countries"),
    (Column::Source, "Sources"),
    (Column::Section, "Sections"),
    (Column::Language, "Languages"),
];

/// The parameters that look through the values of a field, in the same order: `find-people=zel`.
pub const FINDS: [&str; 6] =
    ["find-leaders", "find-people", "find-countries", "find-source", "find-section", "find-language"];

/// Values of each shown at first.
const VALUES: usize = 8;

/// Values shown when looked through.
const VALUES_FOUND: usize = 30;

fn find_name(column: Column) -> &'static str {
    SHOWN.iter().zip(FINDS).find(|((shown, _), _)| *shown == column).map_or("", |(_, name)| name)
}

/// The facets the panel wants counted.
pub fn wanted(parameters: &Parameters) -> Vec<FacetRequest> {
    let counted = SHOWN.iter().map(|(column, _)| {
        let holding = needle(parameters, *column).map(str::to_owned);
        let limit = if holding.is_some() { VALUES_FOUND } else { VALUES };
        FacetRequest { holding, ..FacetRequest::new(Facet::Column(*column), limit) }
    });
    counted.collect()
}

fn needle(parameters: &Parameters, column: Column) -> Option<&str> {
    parameters.first(find_name(column)).map(str::trim).filter(|text| text.contains(char::is_alphanumeric))
}

/// The panel: one form, sent as a whole; a script sends it as soon as a box is ticked.
pub fn panel(results: &SearchResults, parameters: &Parameters) -> Markup {
    let kept = ["sort", "boost", "match", "mentions"];
    let is_dated = parameters.first("from").or(parameters.first("to")).is_some();
    if results.total == 0
        && !is_dated
        && SHOWN.iter().all(|(column, _)| parameters.first(filter_name(*column)).is_none())
    {
        return html! {};
    }
    let shown: Vec<Column> = SHOWN.iter().map(|(column, _)| *column).collect();
    html! {
        details.facets open {
            summary { "Narrow the search" }
            form #facets action="/" method="get" {
                input type="hidden" name="q" value=(plain(parameters.first("q").unwrap_or_default()));
                @for name in kept { @for value in parameters.all(name) { input type="hidden" name=(name) value=(value); } }
                @for (column, _, singular) in crate::index::COLUMNS {
                    @if !shown.contains(&column) { @for value in parameters.all(singular) { input type="hidden" name=(singular) value=(value); } }
                }
                p.hint { "Tick to narrow, − to leave out." }
                fieldset.dates {
                    legend { "Dates" }
                    div {
                        label for="from" { "From" }
                        input #from type="text" name="from" value=(plain(parameters.first("from").unwrap_or_default())) placeholder="1987" autocomplete="off" size="10";
                        label for="to" { "to" }
                        input #to type="text" name="to" value=(plain(parameters.first("to").unwrap_or_default())) placeholder="1989-05-20" autocomplete="off" size="10";
                        button type="submit" { "Set" }
                    }
                }
                @for (column, heading) in SHOWN {
                    @if let Some((_, counts)) = results.facets.iter().find(|(name, _)| name == column.name()) {
                        (values(column, heading, counts, parameters))
                    }
                }
                button.apply type="submit" { "Apply" }
            }
        }
    }
}

fn values(column: Column, heading: &str, counts: &[FacetCount], parameters: &Parameters) -> Markup {
    let name = filter_name(column);
    let chosen: Vec<&str> = parameters.all(name).collect();
    // what is ticked stays in sight, also where it is not among the most frequent
    let unseen = chosen.iter().filter(|value| !counts.iter().any(|count| count.value == **value));
    let has_values = counts.iter().any(|count| count.value != NO_VALUE);
    let find = needle(parameters, column);
    html! {
        @if has_values || !chosen.is_empty() || find.is_some() {
            fieldset data-facet=(column.name()) {
                legend { (heading) }
                ul {
                    @for count in counts { (value(column, name, &count.value, Some(count.count), &chosen, parameters)) }
                    @for chosen_value in unseen { (value(column, name, chosen_value, None, &chosen, parameters)) }
                }
                @if counts.len() > VALUES || find.is_some() {
                    (look_through(column, heading, find, parameters))
                }
            }
        }
    }
}

fn value(
    column: Column,
    name: &str,
    value: &str,
    count: Option<u64>,
    chosen: &[&str],
    parameters: &Parameters,
) -> Markup {
    let shown = if value == NO_VALUE { "none".to_owned() } else { label(column, value) };
    let is_chosen = chosen.contains(&value);
    html! {
        li {
            label {
                input type="checkbox" name=(name) value=(value) checked[is_chosen];
                bdi.value { (shown) }
                @if let Some(count) = count { span.count { (grouped(count)) } }
            }
            @if is_chosen { span.exclude {} } @else {
                a.exclude href=(search_address(&excluding(column, value, parameters))) title={ "Leave out " (shown) } {
                    span aria-hidden="true" { "−" } span.hidden { "Leave out " (shown) }
                }
            }
        }
    }
}

/// The search without articles of a value: written into the query, where it can be seen and changed.
fn excluding(column: Column, value: &str, parameters: &Parameters) -> Parameters {
    let asked = if value == NO_VALUE {
        Node::new(Kind::Has(crate::query::Presence::Column(column)), 0..0)
    } else {
        let value = Kind::Value { column, value: value.to_owned(), pattern: false };
        Node::new(Kind::Not(Box::new(Node::new(value, 0..0))), 0..0)
    };
    let query = parameters.first("q").unwrap_or_default();
    let query = match query {
        "" => asked.to_string(),
        // without brackets the rest would bind to the last alternative only
        query if query.contains(" OR ") || query.contains("||") => format!("({query}) {asked}"),
        query => format!("{query} {asked}"),
    };
    parameters.set("q", &query)
}

fn look_through(column: Column, heading: &str, find: Option<&str>, parameters: &Parameters) -> Markup {
    let name = find_name(column);
    html! {
        @if let Some(find) = find {
            p.finding {
                "with “" (plain(find)) "” · "
                a href=(search_address(&parameters.without_name(name).without_name("offset"))) { "show all" }
            }
        } @else {
            p.finding {
                label.hidden for=(name) { "Look through " (heading.to_lowercase()) }
                input id=(name) type="search" name=(name) placeholder={ "Find in " (heading.to_lowercase()) } autocomplete="off";
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_written_into_the_query() {
        let parameters = |query: &str| Parameters::default().set("q", query);
        let left_out = |query: &str, value: &str| {
            excluding(Column::People, value, &parameters(query)).first("q").map(str::to_owned)
        };
        assert_eq!(left_out("truce", "Ann Lee").as_deref(), Some("truce -person:\"Ann Lee\""));
        assert_eq!(left_out("a OR b", "Ann Lee").as_deref(), Some("(a OR b) -person:\"Ann Lee\""));
        assert_eq!(left_out("", NO_VALUE).as_deref(), Some("has:people"));
    }

    #[test]
    fn values_are_looked_through_by_field() {
        let parameters = Parameters::default().set("find-people", "zel");
        assert_eq!(needle(&parameters, Column::People), Some("zel"));
        assert_eq!(needle(&parameters, Column::Source), None);
    }
}
