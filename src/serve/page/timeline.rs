//! The chart over time: a bar for every year or month, each an address that narrows the search to it, and the same numbers as
//! a table. Where the whole archive has nothing there is a gap, not a bar of height nought.

use maud::{Markup, html};

use crate::date::Date;
use crate::search::{Facet, SearchRequest, Step, Timeline, timeline};

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

/// The chart of a search.
///
/// # Errors
/// If the index is damaged.
pub fn chart(
    opened: &Opened,
    request: &SearchRequest,
    parameters: &Parameters,
    today: Date,
) -> Result<Markup, Problem> {
    // the whole archive beside the search: what a filter leaves out is no gap
    let requests = [SearchRequest::default(), request.clone()];
    let count = |unit| {
        let (times, _) = timeline(&opened.archive, &requests, unit).map_err(|error| Problem::damaged(&error))?;
        Ok::<_, Problem>(bars(times))
    };
    let years = count(Facet::Year)?;
    Ok(draw(&if years.len() <= YEARS_IN_MONTHS { count(Facet::Month)? } else { years }, parameters, today))
}

/// A bar for every unit from the first to the last with an article found.
fn bars(times: Timeline) -> Vec<Bar> {
    let count = |step: &Step| step.counts.as_ref().and_then(|counts| counts.get(1)).copied().unwrap_or(0);
    let (first, last) =
        (times.steps.iter().position(|step| count(step) > 0), times.steps.iter().rposition(|step| count(step) > 0));
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let steps = times.steps.into_iter().take(last + 1).skip(first);
    steps.map(|step| Bar { count: count(&step), is_covered: step.counts.is_some(), name: step.value }).collect()
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
        let step = |value: &str, counts: Option<[u64; 2]>| Step {
            value: value.to_owned(),
            articles: counts.map_or(0, |counts| counts[0]),
            counts: counts.map(Vec::from),
            shares: None,
        };
        let steps = vec![
            step("2019-10", Some([9, 0])),
            step("2019-11", Some([4, 2])),
            step("2019-12", None),
            step("2020-01", Some([3, 0])),
            step("2020-02", Some([1, 1])),
            step("2020-03", None),
        ];
        let bars = bars(Timeline { by: "month", series: Vec::new(), steps });
        let drawn: Vec<(&str, u64, bool)> =
            bars.iter().map(|bar| (bar.name.as_str(), bar.count, bar.is_covered)).collect();
        assert_eq!(drawn, [("2019-11", 2, true), ("2019-12", 0, false), ("2020-01", 0, true), ("2020-02", 1, true)]);
    }
}
