//! Why an article has its values, and what could be settled about names, for people.

use std::io::Write;

use dateline::resolve::{Bearer, Suggestions};
use dateline::search::Why;

use super::{Terminal, clean, counted};

/// Mentions shown of each value; the others are counted.
const MENTIONS: usize = 5;

/// Prints the values of an article with their reasons.
pub fn why(out: &mut impl Write, why: &Why, terminal: &Terminal) -> anyhow::Result<()> {
    writeln!(out, "{}", terminal.bold(&clean(&why.title)))?;
    if why.values.is_empty() {
        writeln!(out, "\nnobody and no country was found in it")?;
    }
    let mut field = "";
    for given in &why.values {
        if given.field != field {
            field = given.field;
            writeln!(out, "\n{}", terminal.bold(field))?;
        }
        let from = given.from.as_ref().map(|from| format!(" ← {}", clean(from))).unwrap_or_default();
        writeln!(out, "  {}{from}", clean(&given.value))?;
        for because in &given.because {
            writeln!(out, "    {}", clean(because))?;
        }
        for words in given.words.iter().take(MENTIONS) {
            let because = clean(&words.because.join("; "));
            writeln!(out, "    {} {}: {because}", terminal.dim(words.place), terminal.marked(&clean(&words.words)))?;
            writeln!(out, "      {}", terminal.dim(&clean(&words.around)))?;
        }
        let more = given.words.len().saturating_sub(MENTIONS);
        if more > 0 {
            writeln!(out, "    and {} more", counted(more as u64, "mention"))?;
        }
    }
    Ok(())
}

/// Prints what could be settled.
pub fn suggestions(out: &mut impl Write, found: &Suggestions, terminal: &Terminal) -> anyhow::Result<()> {
    if !found.unresolved.is_empty() {
        writeln!(out, "{}", terminal.bold("stand for nobody known"))?;
    }
    for name in &found.unresolved {
        let articles = counted(u64::from(name.articles), "article");
        writeln!(out, "  {}  {articles}{}", clean(&name.name), terminal.dim(&years(name.years)))?;
        if name.things > 0 {
            writeln!(out, "    a firm, a place or another thing in {}", counted(u64::from(name.things), "article"))?;
        }
        for of in &name.bearers {
            writeln!(out, "    perhaps {}", bearer(of, terminal))?;
        }
    }
    if !found.unresolved.is_empty() && !found.merges.is_empty() {
        writeln!(out)?;
    }
    if !found.merges.is_empty() {
        writeln!(out, "{}", terminal.bold("likely one person's"))?;
    }
    for merge in &found.merges {
        writeln!(out, "  {}", bearer(&merge.keep, terminal))?;
        writeln!(out, "    {}", bearer(&merge.other, terminal))?;
        writeln!(out, "    {}", terminal.dim(&clean(&merge.because.join("; "))))?;
    }
    Ok(())
}

fn bearer(of: &Bearer, terminal: &Terminal) -> String {
    let articles = counted(u64::from(of.articles), "article");
    format!("{}  {articles}{}", clean(&of.name), terminal.dim(&years(of.years)))
}

fn years(years: Option<(i16, i16)>) -> String {
    match years {
        None => String::new(),
        Some((first, last)) if first == last => format!(", {first}"),
        Some((first, last)) => format!(", {first}–{last}"),
    }
}
