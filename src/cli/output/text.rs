//! Hits and articles for people.

use std::io::{self, Write};

use dateline::article::Article;
use dateline::date::Date;
use dateline::search::{Hit, SearchResults, Snippet};
use unicode_width::UnicodeWidthStr;

use super::facets::{self, country};
use super::wrap::{Marked, painted, unmarked, wrap};
use super::{Terminal, clean, counted, grouped, milliseconds};

/// Prints hits, facets and a last line that counts. `held` is how many articles the index has.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut impl Write, results: &SearchResults, held: u64, terminal: &Terminal) -> io::Result<()> {
    let digits = results.hits.last().map_or(1, |hit| hit.rank.to_string().len()).max(2);
    for hit in &results.hits {
        print_hit(out, hit, digits, terminal)?;
    }
    facets::text(out, &results.facets, terminal)?;
    count(out, results, held, terminal)
}

/// Prints the line that counts: `312 of 21,578 articles, 4 ms`.
///
/// # Errors
/// If `out` cannot be written.
pub fn count(out: &mut impl Write, results: &SearchResults, held: u64, terminal: &Terminal) -> io::Result<()> {
    let took = milliseconds(results.took_ms);
    let counted = format!("{} of {}, {took}", grouped(results.total), counted(held, "article"));
    writeln!(out, "{}", terminal.dim(&counted))
}

fn print_hit(out: &mut impl Write, hit: &Hit, digits: usize, terminal: &Terminal) -> io::Result<()> {
    let indent = digits + 2;
    let width = terminal.width.saturating_sub(indent);
    let title = if hit.title.is_empty() { "(no title)".to_owned() } else { clean(&hit.title) };
    for (place, line) in wrap(&unmarked(&title), width).iter().enumerate() {
        let start = if place == 0 { format!("{:>digits$}  ", hit.rank) } else { " ".repeat(indent) };
        let line: String = line.iter().map(|(c, _)| c).collect();
        writeln!(out, "{start}{}", terminal.bold(&line))?;
    }
    let facts: Vec<String> =
        [hit.source.as_deref().map(clean), Some(day(hit.date)), Some(clean(&hit.id))].into_iter().flatten().collect();
    let countries: Vec<String> = hit.countries.iter().map(|code| country(code)).collect();
    for line in [facts.join(" · "), some_of(&hit.people, width), some_of(&countries, width)] {
        if !line.is_empty() {
            writeln!(out, "{:indent$}{}", "", terminal.dim(&line))?;
        }
    }
    for line in wrap(&marked(&hit.snippet), width) {
        writeln!(out, "{:indent$}{}", "", painted(&line, terminal))?;
    }
    if let Some(explanation) = &hit.explanation {
        explain(out, explanation, indent, terminal)?;
    }
    writeln!(out)
}

/// Prints how a score came about, a line for each part, with what it is made of below it.
fn explain(
    out: &mut impl Write,
    explanation: &serde_json::Value,
    indent: usize,
    terminal: &Terminal,
) -> io::Result<()> {
    let value = explanation["value"].as_f64().unwrap_or(0.0);
    let description = clean(explanation["description"].as_str().unwrap_or_default());
    writeln!(out, "{:indent$}{}", "", terminal.dim(&format!("{value:.3}  {description}")))?;
    for detail in explanation["details"].as_array().into_iter().flatten() {
        explain(out, detail, indent + 2, terminal)?;
    }
    Ok(())
}

/// Prints one article: title, facts, text.
///
/// # Errors
/// If `out` cannot be written.
pub fn article(out: &mut impl Write, article: &Article, terminal: &Terminal) -> io::Result<()> {
    let title = if article.title.is_empty() { "(no title)".to_owned() } else { clean(&article.title) };
    for line in wrap(&unmarked(&title), terminal.width) {
        writeln!(out, "{}", terminal.bold(&line.iter().map(|(c, _)| c).collect::<String>()))?;
    }
    writeln!(out)?;
    let countries: Vec<String> = article.countries.iter().map(|code| country(code)).collect();
    let filed_from = article.filed_from.as_ref().map(|from| match &from.country {
        Some(code) => format!("{}, {}", from.place, country(code)),
        None => from.place.clone(),
    });
    let date = article.date.map(|date| match article.date_from.and_then(|from| serde_json::to_value(from).ok()) {
        Some(from) => format!("{date} (read from: {})", from.as_str().unwrap_or_default()),
        None => date.to_string(),
    });
    let joined = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    let facts = [
        ("id", Some(article.id.clone())),
        ("source", article.source.clone()),
        ("authors", joined(&article.authors)),
        ("date", date),
        ("section", article.section.clone()),
        ("url", article.url.clone()),
        ("tags", joined(&article.tags)),
        ("filed from", filed_from),
        ("wire", article.wire.clone()),
        ("language", article.language.clone()),
        ("people", joined(&article.people)),
        ("mentioned", joined(&article.mentioned)),
        ("leaders", joined(&article.leaders)),
        ("countries", joined(&countries)),
        ("file", Some(format!("{}, record {}", article.origin.path, article.origin.record))),
    ];
    for (name, value) in facts {
        let Some(value) = value else { continue };
        for (place, line) in wrap(&unmarked(&clean(&value)), terminal.width - 12).iter().enumerate() {
            let line: String = line.iter().map(|(c, _)| c).collect();
            writeln!(out, "{}{line}", terminal.dim(&format!("{:<12}", if place == 0 { name } else { "" })))?;
        }
    }
    for paragraph in article.body.split("\n\n") {
        writeln!(out)?;
        for line in wrap(&unmarked(&clean(paragraph)), terminal.width) {
            writeln!(out, "{}", painted(&line, terminal))?;
        }
    }
    Ok(())
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(|| "undated".to_owned(), |date| date.without_time().to_string())
}

/// As many as fit on a line, and how many more there are.
fn some_of(values: &[String], width: usize) -> String {
    let mut line = String::new();
    for (place, value) in values.iter().enumerate() {
        let value = clean(value);
        if place > 0 && line.width() + value.width() + 8 > width {
            line.push_str(" +");
            line.push_str(&(values.len() - place).to_string());
            break;
        }
        if place > 0 {
            line.push_str(", ");
        }
        line.push_str(&value);
    }
    line
}

fn marked(snippet: &Snippet) -> Vec<Marked> {
    let mut all = Vec::new();
    let mut at = 0;
    for mark in &snippet.marks {
        all.extend(clean(&snippet.text[at..mark.start]).chars().map(|c| (c, false)));
        all.extend(clean(&snippet.text[mark.clone()]).chars().map(|c| (c, true)));
        at = mark.end;
    }
    all.extend(clean(&snippet.text[at..]).chars().map(|c| (c, false)));
    all
}
