//! The chart over time: a bar for every year or month, each an address that narrows the search to it, and the same numbers as
//! a table. Where the whole archive has nothing there is a gap, not a bar of height nought.

use std::collections::HashMap;

use maud::{Markup, html};

use crate::date::Date;
use crate::search::{Facet, FacetRequest, SearchRequest, SearchResults, Step, Timeline, search};

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

/// The years of a search, to be counted with its facets.
pub fn years() -> FacetRequest {
    FacetRequest::new(Facet::Year, 0)
}

/// The chart of a search whose answer has its [`years`].
///
/// # Errors
/// If the index is damaged.
pub fn chart(
    opened: &Opened,
    request: &SearchRequest,
    results: &SearchResults,
    parameters: &Parameters,
    today: Date,
) -> Result<Markup, Problem> {
    let damaged = |error| Problem::damaged(&error);
    let drawn = bars(opened.over_time(Facet::Year).map_err(damaged)?, &counts(results, Facet::Year));
    if drawn.len() > YEARS_IN_MONTHS {
        return Ok(draw(&drawn, parameters, today));
    }
    let facets = vec![FacetRequest::new(Facet::Month, 0)];
    let months = search(&opened.archive, &SearchRequest { facets, limit: 0, ..request.clone() }).map_err(damaged)?;
    let drawn = bars(opened.over_time(Facet::Month).map_err(damaged)?, &counts(&months, Facet::Month));
    Ok(draw(&drawn, parameters, today))
}

/// The chart of the whole archive, and the times it has nothing of.
///
/// # Errors
/// If the index is damaged.
pub fn whole(opened: &Opened, today: Date) -> Result<(Markup, Vec<String>), Problem> {
    let of = |unit| {
        let times = opened.over_time(unit).map_err(|error| Problem::damaged(&error))?;
        let held: HashMap<&str, u64> = times.steps.iter().map(|step| (step.value.as_str(), step.articles)).collect();
        Ok::<_, Problem>(bars(times, &held))
    };
    let years = of(Facet::Year)?;
    let drawn = if years.len() <= YEARS_IN_MONTHS { of(Facet::Month)? } else { years };
    let gaps = drawn.chunk_by(|one, next| one.is_covered == next.is_covered).filter(|chunk| !chunk[0].is_covered);
    let gaps = gaps.map(|chunk| match chunk {
        [only] => only.name.clone(),
        [first, .., last] => format!("{}–{}", first.name, last.name),
        [] => String::new(),
    });
    let gaps = gaps.collect();
    Ok((draw(&drawn, &Parameters::default(), today), gaps))
}

fn counts(results: &SearchResults, unit: Facet) -> HashMap<&str, u64> {
    let counted = results.facets.iter().filter(|(name, _)| name == unit.name()).flat_map(|(_, counts)| counts);
    counted.map(|count| (count.value.as_str(), count.count)).collect()
}

/// A bar for every unit from the first to the last with an article found. What a filter leaves out is no gap: whether the archive
/// has anything is asked of the whole.
fn bars(whole: &Timeline, found: &HashMap<&str, u64>) -> Vec<Bar> {
    let count = |step: &Step| found.get(step.value.as_str()).copied().unwrap_or(0);
    let (first, last) =
        (whole.steps.iter().position(|step| count(step) > 0), whole.steps.iter().rposition(|step| count(step) > 0));
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let bar = |step: &Step| Bar { count: count(step), is_covered: step.articles > 0, name: step.value.clone() };
    whole.steps[first..=last].iter().map(bar).collect()
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
            div.axis aria-hidden="true" {
                span { (first.name) }
                @if bars.len() % 2 == 1 && bars.len() > 4 { span { (bars[bars.len() / 2].name) } }
                span { (last.name) }
            }
            figcaption {
                span { "Most: " (grouped(most)) }
                @if bars.iter().any(|bar| !bar.is_covered) { span.absent { "not in the archive" } }
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
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_archive_lacks_is_a_gap() {
        let step = |value: &str, articles| Step { value: value.to_owned(), articles, counts: None, shares: None };
        let steps = [("2019-10", 9), ("2019-11", 4), ("2019-12", 0), ("2020-01", 3), ("2020-02", 1), ("2020-03", 0)];
        let steps = steps.map(|(value, articles)| step(value, articles)).to_vec();
        let bars = bars(
            &Timeline { by: "month", series: Vec::new(), steps },
            &HashMap::from([("2019-11", 2), ("2020-02", 1), ("none", 5)]),
        );
        let drawn: Vec<(&str, u64, bool)> =
            bars.iter().map(|bar| (bar.name.as_str(), bar.count, bar.is_covered)).collect();
        assert_eq!(drawn, [("2019-11", 2, true), ("2019-12", 0, false), ("2020-01", 0, true), ("2020-02", 1, true)]);
    }
}
