//! Timelines: a line for each step with bars to one scale, gaps in one line; tables for programs.

use std::io::Write;

use dateline::search::{NO_VALUE, Series, Step, Timeline};

use super::csv::Table;
use super::facets::bar;
use super::{Terminal, clean, counted, grouped};

/// Columns of the longest bar; several queries share them.
const BAR: u64 = 36;

/// Shares are drawn in parts of so many.
const SCALE: f64 = 1e6;

/// Prints the steps from the first to the last with a match, counts or shares with their bars.
///
/// # Errors
/// If `out` cannot be written.
pub fn text(out: &mut impl Write, times: &Timeline, share: bool, terminal: &Terminal) -> std::io::Result<()> {
    writeln!(out, "{}", terminal.bold(times.by))?;
    let shown = shown(times);
    let values: Vec<Vec<u64>> = shown.iter().map(|step| values(step, share)).collect();
    let most = values.iter().flatten().copied().max().unwrap_or(0);
    let label = |value: u64| {
        if share { format!("{:.1}%", value as f64 / SCALE * 100.0) } else { grouped(value) }
    };
    let wide = values.iter().flatten().map(|value| label(*value).len()).max().unwrap_or(1);
    let columns = BAR / times.series.len().max(1) as u64;
    let mut at = 0;
    while at < shown.len() {
        let step = shown[at];
        if step.counts.is_none() {
            let gap = shown[at..].iter().take_while(|step| step.counts.is_none()).count();
            let until = if gap > 1 { format!(" to {}", shown[at + gap - 1].value) } else { String::new() };
            writeln!(out, "  {}", terminal.dim(&format!("{}{until}: no articles", step.value)))?;
            at += gap;
            continue;
        }
        let mut line = format!("  {}", step.value);
        for (place, value) in values[at].iter().enumerate() {
            let bar = bar(*value, most, columns);
            let last = place + 1 == values[at].len();
            let pad = if last { 0 } else { columns as usize - bar.chars().count() };
            let bar = terminal.dim(&bar);
            line = format!("{line}  {:>wide$}  {bar}{:pad$}", label(*value), "");
        }
        writeln!(out, "{}", line.trim_end())?;
        at += 1;
    }
    for (place, Series { query, total, none }) in times.series.iter().enumerate() {
        let number = if times.series.len() > 1 { format!("{}  ", place + 1) } else { String::new() };
        let undated = if *none > 0 { format!(", {} without such a date", grouped(*none)) } else { String::new() };
        let query = if query.is_empty() { "everything".to_owned() } else { clean(query) };
        writeln!(out, "{}", terminal.dim(&format!("{number}{query}: {}{undated}", counted(*total, "article"))))?;
    }
    Ok(())
}

/// The steps from the first to the last in which any query has a match.
fn shown(times: &Timeline) -> Vec<&Step> {
    let any = |step: &Step| step.counts.iter().flatten().any(|count| *count > 0);
    let (Some(from), Some(to)) = (times.steps.iter().position(any), times.steps.iter().rposition(any)) else {
        return Vec::new();
    };
    times.steps[from..=to].iter().collect()
}

fn values(step: &Step, share: bool) -> Vec<u64> {
    if share {
        step.shares.iter().flatten().map(|share| (share * SCALE).round() as u64).collect()
    } else {
        step.counts.clone().unwrap_or_default()
    }
}

/// Prints one row for each query and step; count and share are empty in a gap.
///
/// # Errors
/// If `out` cannot be written.
pub fn table(mut table: Table<impl Write>, times: &Timeline) -> anyhow::Result<()> {
    table.row(["query", times.by, "articles", "count", "share"])?;
    for (place, Series { query, none, .. }) in times.series.iter().enumerate() {
        for Step { value, articles, counts, shares } in &times.steps {
            let count = counts.as_ref().map_or_else(String::new, |counts| counts[place].to_string());
            let share = shares.as_ref().map_or_else(String::new, |shares| format!("{:.6}", shares[place]));
            table.row([query.as_str(), value, &articles.to_string(), &count, &share])?;
        }
        if *none > 0 {
            table.row([query.as_str(), NO_VALUE, "", &none.to_string(), ""])?;
        }
    }
    table.finish()
}
