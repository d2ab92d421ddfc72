//! Why an article has its people, leaders and countries: the words that name each, and what decided.

use maud::{Markup, html};

use crate::enrich::{Given, Words};
use crate::index::Column;
use crate::search::Why;

use super::{label, marked, plain, spoken};

/// Places shown of a value that is named often.
const PLACES: usize = 3;

/// The lists, with the words above them.
const LISTS: [(&str, Column, &str); 4] = [
    ("leaders", Column::Leaders, "Leaders"),
    ("people", Column::People, "People"),
    ("mentioned", Column::Mentioned, "Mentioned"),
    ("countries", Column::Countries, "Countries"),
];

/// All values of an article with their reasons, folded away; nothing if it has none.
pub fn reasons(why: &Why, language: Option<&str>) -> Markup {
    html! {
        @if !why.values.is_empty() {
            details.reasons {
                summary { "Why these people and countries" }
                @for (field, column, heading) in LISTS {
                    @if why.values.iter().any(|given| given.field == field) {
                        h2 { (heading) }
                        dl { @for given in why.values.iter().filter(|given| given.field == field) { (reason(given, column, language)) } }
                    }
                }
            }
        }
    }
}

fn reason(given: &Given, column: Column, language: Option<&str>) -> Markup {
    html! {
        div {
            dt {
                bdi { (label(column, &given.value)) }
                @if let Some(from) = &given.from { span.dim { ", printed as " bdi { (plain(from)) } } }
            }
            @if !given.because.is_empty() { dd { (spoken(&given.because.join("; "))) } }
            @for words in given.words.iter().take(PLACES) {
                dd.place {
                    q dir="auto" lang=[language] { (marked(&words.around, &place(words))) }
                    @if !words.because.is_empty() { span.dim { " " (spoken(&words.because.join("; "))) } }
                }
            }
            @if given.words.len() > PLACES { dd.dim { "and named " (given.words.len() - PLACES) " times more" } }
        }
    }
}

/// Where the words stand among those around them.
fn place(words: &Words) -> Vec<std::ops::Range<usize>> {
    let start = if words.words.is_empty() { None } else { words.around.find(&words.words) };
    start.map(|start| start..start + words.words.len()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_shows_the_words_in_their_place() {
        let words = |around: &str| Words {
            place: "body",
            words: "Lee".to_owned(),
            around: around.to_owned(),
            because: vec!["after the title `Mr`".to_owned()],
        };
        let because = vec!["named in the title".to_owned()];
        let of = |count: usize| Given {
            field: "people",
            value: "Ann Lee".to_owned(),
            from: Some("Lee".to_owned()),
            because: because.clone(),
            words: vec![words("… said Lee on <Monday>"); count],
        };
        let why = |given: Given| Why { id: "a".to_owned(), title: String::new(), values: vec![given] };
        let page = reasons(&why(of(1)), Some("en")).into_string();
        assert!(page.contains("… said <mark>Lee</mark> on &lt;Monday&gt;</q>"), "{page}");
        assert!(page.contains("<bdi>Ann Lee</bdi>") && page.contains("printed as <bdi>Lee</bdi>"), "{page}");
        assert!(page.contains("after the title <code>Mr</code>") && !page.contains("times more"), "{page}");
        assert!(reasons(&why(of(5)), None).into_string().contains("and named 2 times more"));
        assert_eq!(reasons(&Why { values: Vec::new(), ..why(of(0)) }, None).into_string(), "");
    }
}
