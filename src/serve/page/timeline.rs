//! The chart over time: a bar for every year or month, each an address that narrows the search to it, and the same numbers as
//! a table. Where the whole archive has nothing there is a gap, not a bar of height nought.

use maud::{Markup, html};

use crate::date::Date;
use crate::search::{Facet, FacetCount, FacetRequest, NO_VALUE, SearchRequest, search};

use super::super::parameters::Parameters;
use super::super::problem::Problem;
use super::super::state::Opened;
use super::{articles, grouped, search_address};

/// With so many years or fewer, months are drawn.
const YEARS_IN_MONTHS: usize = 3;

/// Most bars drawn; a longer time is not drawn but told in the table.
const MOST_BARS: usize = 240;

/// Height of the tallest bar, in units of the drawing.
const HEIGHT: u64 = 100;

/// Width of a bar with the space after it.
const STEP: usize = 10;

/// One bar.
struct Bar {
    /// `2024` or `2024-05`.
    name: String,
    count: u64,
    /// Whether the archive has anything then.
    is_covered: bool,
}

/// The chart of a search that counted these years.
pub fn chart(
    opened: &Opened,
    request: &SearchRequest,
    years: Vec<FacetCount>,
    parameters: &Parameters,
    today: Date,
) -> Result<Markup, Problem> {
    let dated = years.iter().filter(|year| year.value != NO_VALUE).count();
    let unit = if dated <= YEARS_IN_MONTHS { Facet::Month } else { Facet::Year };
    let count = |request: &SearchRequest| {
        let request = SearchRequest { limit: 0, facets: vec![FacetRequest::new(unit, 0)], ..request.clone() };
        let results = search(&opened.archive, &request).map_err(|error| Problem::damaged(&error))?;
        Ok::<_, Problem>(results.facets.into_iter().flat_map(|(_, counts)| counts).collect::<Vec<_>>())
    };
    let counts = if unit == Facet::Year { years } else { count(request)? };
    let covered = count(&SearchRequest::default())?;
    Ok(draw(&bars(counts, &covered), parameters, today))
}

/// A bar for every year or month from the first to the last that has an article.
fn bars(counts: Vec<FacetCount>, covered: &[FacetCount]) -> Vec<Bar> {
    let dated: Vec<&FacetCount> = counts.iter().filter(|count| count.value != NO_VALUE).collect();
    let (Some(first), Some(last)) = (dated.first(), dated.last()) else { return Vec::new() };
    let mut bars = Vec::new();
    let mut name = first.value.clone();
    loop {
        let count = dated.iter().find(|count| count.value == name).map_or(0, |count| count.count);
        let is_covered = covered.iter().any(|covered| covered.value == name);
        let is_last = name == last.value;
        let Some(next) = next(&name) else { break };
        bars.push(Bar { name: std::mem::replace(&mut name, next), count, is_covered });
        if is_last || bars.len() > MOST_BARS {
            break;
        }
    }
    bars
}

/// The year after a year, the month after a month.
fn next(name: &str) -> Option<String> {
    match name.split_once('-') {
        None => Some(format!("{:04}", name.parse::<i32>().ok()? + 1)),
        Some((year, "12")) => Some(format!("{:04}-01", year.parse::<i32>().ok()? + 1)),
        Some((year, month)) => Some(format!("{year}-{:02}", month.parse::<u8>().ok()? + 1)),
    }
}

fn draw(bars: &[Bar], parameters: &Parameters, today: Date) -> Markup {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let address = |bar: &Bar| search_address(&parameters.set("from", &bar.name).set("to", &bar.name));
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else { return html! {} };
    if bars.len() < 2 || bars.len() > MOST_BARS {
        return html! {};
    }
    html! {
        figure.timeline {
            svg viewBox={ "0 0 " (bars.len() * STEP) " " (HEIGHT) } preserveAspectRatio="none" role="group"
                aria-label={ "Articles from " (first.name) " to " (last.name) } {
                @for (place, bar) in bars.iter().enumerate() {
                    @let height = if bar.count == 0 { 0 } else { (bar.count * HEIGHT / most).max(2) };
                    @if !bar.is_covered {
                        rect.gap x=(place * STEP) y="0" width=(STEP) height=(HEIGHT) { title { (bar.name) ": the archive has nothing" } }
                    } @else if bar.count > 0 {
                        a href=(address(bar)) aria-label={ (bar.name) ": " (articles(bar.count)) } {
                            rect.reach x=(place * STEP) y="0" width=(STEP) height=(HEIGHT) { title { (bar.name) ": " (articles(bar.count)) } }
                            rect.bar x=(place * STEP + 1) y=(HEIGHT - height) width=(STEP - 2) height=(height) {}
                        }
                    }
                }
            }
            figcaption {
                span { (first.name) }
                details {
                    summary { "As a table" }
                    table {
                        caption.hidden { "Articles by " @if first.name.contains('-') { "month" } @else { "year" } ", as of " (today.to_string()) }
                        thead { tr { th scope="col" { @if first.name.contains('-') { "Month" } @else { "Year" } } th scope="col" { "Articles" } } }
                        tbody {
                            @for bar in bars {
                                tr {
                                    th scope="row" { @if bar.count > 0 { a href=(address(bar)) { (bar.name) } } @else { (bar.name) } }
                                    td { @if bar.is_covered { (grouped(bar.count)) } @else { span.dim { "not in the archive" } } }
                                }
                            }
                        }
                    }
                }
                span { (last.name) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_archive_lacks_is_a_gap() {
        let count = |value: &str, count| FacetCount { value: value.to_owned(), with: None, count };
        let bars = bars(vec![count("2019-11", 2), count("2020-02", 1), count(NO_VALUE, 9)], &[
            count("2019-11", 4),
            count("2020-01", 3),
            count("2020-02", 1),
        ]);
        let drawn: Vec<(&str, u64, bool)> = bars.iter().map(|bar| (bar.name.as_str(), bar.count, bar.is_covered)).collect();
        assert_eq!(drawn, [("2019-11", 2, true), ("2019-12", 0, false), ("2020-01", 0, true), ("2020-02", 1, true)]);
    }
}
