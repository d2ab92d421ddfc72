//! Facets and timelines: aligned counts with bars for people, tables for programs.

use std::io::Write;

use dateline::enrich::Gazetteer;
use dateline::index::Column;
use dateline::search::{FacetCount, SearchResults};
use unicode_width::UnicodeWidthStr;

use super::csv::Table;
use super::wrap::cut;
use super::{Terminal, clean, grouped};

/// Columns of the longest bar.
const BAR: u64 = 24;

/// Prints every facet as a block.
///
/// # Errors
/// If `out` cannot be written.
pub fn text(out: &mut impl Write, facets: &[(String, Vec<FacetCount>)], terminal: &Terminal) -> std::io::Result<()> {
    for (name, counts) in facets {
        writeln!(out, "{}", terminal.bold(name))?;
        let labels: Vec<String> = counts.iter().map(|count| labels(name, count)).collect();
        let widest = terminal.width.saturating_sub(BAR as usize + 14).max(16);
        let labels: Vec<String> = labels.iter().map(|label| cut(label, widest)).collect();
        let wide = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        let most = counts.iter().map(|count| count.count).max().unwrap_or(0);
        let digits = grouped(most).len();
        for (label, FacetCount { count, .. }) in labels.iter().zip(counts) {
            let pad = wide - label.width();
            let bar = bar(*count, most, BAR);
            writeln!(out, "  {label}{:pad$}  {:>digits$}  {}", "", grouped(*count), terminal.dim(&bar))?;
        }
        if counts.is_empty() {
            writeln!(out, "  {}", terminal.dim("nothing to count"))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Prints one row per value.
///
/// # Errors
/// If `out` cannot be written.
pub fn table(mut table: Table<impl Write>, results: &SearchResults) -> anyhow::Result<()> {
    table.row(["facet", "value", "count"])?;
    for (name, counts) in &results.facets {
        for FacetCount { value, with, count } in counts {
            let value = with.as_ref().map_or_else(|| value.clone(), |with| format!("{value}; {with}"));
            table.row([name.as_str(), &value, &count.to_string()])?;
        }
    }
    table.finish()
}

/// The value or values of a count for people.
fn labels(facet: &str, count: &FacetCount) -> String {
    match (&count.with, facet.split_once(',')) {
        (Some(with), Some((first, second))) => format!("{}, {}", label(first, &count.value), label(second, with)),
        _ => label(facet, &count.value),
    }
}

/// A value for people: a country's name with its code.
pub fn label(facet: &str, value: &str) -> String {
    let is_country = [Column::Countries, Column::FiledFrom].iter().any(|column| column.name() == facet);
    if is_country { country(value) } else { clean(value) }
}

/// A country's name with its code: `France (FR)`.
pub fn country(code: &str) -> String {
    match Gazetteer::embedded().country_name(code) {
        Some(name) => format!("{name} ({code})"),
        None => clean(code),
    }
}

/// A bar to scale: `most` is as long as `columns`.
pub fn bar(count: u64, most: u64, columns: u64) -> String {
    let eighths = if most == 0 { 0 } else { (count * columns * 8).div_ceil(most) };
    let mut bar = "█".repeat((eighths / 8) as usize);
    bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][(eighths % 8) as usize]);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_aligned_and_bars_are_to_scale() {
        let count = |value: &str, count| FacetCount { value: value.to_owned(), with: None, count };
        let facets =
            vec![("source".to_owned(), vec![count("First Paper", 1200), count("Zweite", 300), count("none", 0)])];
        let mut out = Vec::new();
        text(&mut out, &facets, &Terminal { width: 80, colour: false }).expect("a buffer");
        let expected = "source\n  First Paper  1,200  ████████████████████████\n  Zweite         300  ██████\n  none             0  \n\n";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
