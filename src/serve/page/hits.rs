//! The list of hits, and the small facts under a title that add a filter when followed.

use maud::{Markup, html};

use crate::date::Date;
use crate::index::Column;
use crate::search::{Hit, SearchResults};

use super::super::parameters::{Parameters, filter_name};
use super::{article_address, label, marked, plain, search_address};

/// People and countries named under a hit.
const CHIPS: usize = 6;

/// The hits, best first.
pub fn list(results: &SearchResults, parameters: &Parameters) -> Markup {
    html! {
        @if let Some(first) = results.hits.first() {
            ol.hits start=(first.rank) {
                @for hit in &results.hits { (item(hit, parameters)) }
            }
        }
    }
}

fn item(hit: &Hit, parameters: &Parameters) -> Markup {
    let query = parameters.first("q").map(|query| Parameters::default().set("q", query).encoded());
    let address = match query {
        Some(query) => format!("{}?{query}", article_address(&hit.id)),
        None => article_address(&hit.id),
    };
    let language = hit.language.as_deref();
    html! {
        li.hit {
            h2 dir="auto" lang=[language] { a href=(address) { (title(&hit.title, &hit.id)) } }
            p.meta {
                @if let Some(source) = &hit.source { span.source { (plain(source)) } }
                @if let Some(date) = &hit.date { (time(date)) } @else { span { "undated" } }
                @if let Some(language) = language { span { (plain(language)) } }
            }
            @if !hit.snippet.text.is_empty() {
                p.snippet dir="auto" lang=[language] { (marked(&hit.snippet.text, &hit.snippet.marks)) }
            }
            (chips(&hit.people, &hit.leaders, &hit.countries, parameters))
        }
    }
}

/// A title, or the id of an article without one.
pub fn title(title: &str, id: &str) -> String {
    if title.trim().is_empty() { format!("[{}]", plain(id)) } else { plain(title) }
}

/// A date as precise as it is known.
pub fn time(date: &Date) -> Markup {
    let day = date.without_time().to_string();
    html! { time datetime=(date.to_string()) { (day) } }
}

/// People and countries, each with an address that narrows the search to it.
pub fn chips(people: &[String], leaders: &[String], countries: &[String], parameters: &Parameters) -> Markup {
    let chip = |column: Column, value: &str| {
        let name = filter_name(column);
        let is_chosen = parameters.all(name).any(|chosen| chosen == value);
        let class = if column == Column::Countries { "country" } else { "person" };
        html! {
            @if !is_chosen {
                li { a.chip.(class) href=(search_address(&parameters.with(name, value))) { bdi { (label(column, value)) } } }
            }
        }
    };
    let others = people.iter().filter(|person| !leaders.contains(person));
    html! {
        @if !(people.is_empty() && countries.is_empty()) {
            ul.chips aria-label="People and countries" {
                @for leader in leaders.iter().take(CHIPS) { (chip(Column::Leaders, leader)) }
                @for person in others.take(CHIPS.saturating_sub(leaders.len())) { (chip(Column::People, person)) }
                @for country in countries.iter().take(CHIPS) { (chip(Column::Countries, country)) }
            }
        }
    }
}
