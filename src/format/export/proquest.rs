//! `ProQuest` text: documents between long rules, each a title, its text and `Key: value` lines, most of them behind it.

use crate::archive::Skip;
use crate::article::Draft;
use crate::format::export::facts::Facts;
use crate::format::export::keys::{self, Database, Fact, Place};
use crate::format::{Context, paragraph};

const PROQUEST: Database = Database::Proquest;
/// Underscores or asterisks between documents at least.
const RULE: usize = 40;
/// Words of a summary at least; shorter ones say that there is none.
const SUMMARY: usize = 5;

/// Whether a line parts documents: a rule, or `Document 3 of 49`.
pub fn is_rule(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let ruled = |byte: u8| line.len() >= RULE && line.iter().all(|found| *found == byte);
    ruled(b'_') || ruled(b'*') || std::str::from_utf8(line).is_ok_and(crate::format::export::nexis::is_counter)
}

/// Whether text is an export, by its beginning.
pub fn is_text(head: &str) -> bool {
    let (mut rules, mut known, mut named, mut texts) = (false, 0, false, false);
    for line in head.lines() {
        rules |= is_rule(line.as_bytes());
        let Some((_, fact, _)) = key(line) else { continue };
        known += 1;
        named |= matches!(fact, Fact::Source | Fact::Id);
        texts |= fact == Fact::Text;
    }
    known >= 4 && named && (rules || texts)
}

/// The key a line begins with.
fn key(line: &str) -> Option<(Place, Fact, &str)> {
    let (name, rest) = line.split_once(':')?;
    let is_key = name.starts_with(char::is_uppercase) && (rest.is_empty() || rest.starts_with([' ', '\t', '\u{A0}']));
    if is_key { keys::keyed(PROQUEST, line) } else { None }
}

/// Whether there is anything of a document between two rules; at the end stands the address of the company.
pub fn is_document(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().filter_map(key);
    lines.any(|(_, fact, _)| matches!(fact, Fact::Title | Fact::Text | Fact::Id | Fact::Source))
}

/// Reads a document.
///
/// # Errors
/// As [`Facts::finish`].
pub fn text(record: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let mut facts = Facts::of(PROQUEST);
    let lines: Vec<&str> =
        record.lines().map(str::trim).skip_while(|line| line.is_empty() || is_rule(line.as_bytes())).collect();
    let mut open = Fact::Title;
    let (mut value, mut keyed) = (String::new(), false);
    let mut title = None;
    let mut close = |fact: Fact, keyed: bool, value: &mut String| {
        let value = std::mem::take(value);
        match fact {
            // what stands before the first key
            Fact::Title if !keyed => title = value.lines().next().map(str::to_owned),
            Fact::Text => {
                for paragraph in paragraph::paragraphs(&value).split("\n\n") {
                    facts.put(Fact::Text, paragraph);
                }
            }
            Fact::Lead if value.split_whitespace().count() < SUMMARY => {}
            _ => facts.put(fact, value.lines().next().unwrap_or_default()),
        }
    };
    for (at, line) in lines.iter().enumerate() {
        let found = key(line).filter(|_| open != Fact::Text || ends_text(&lines[at + 1..]));
        match found {
            Some((_, fact, rest)) => {
                close(open, keyed, &mut value);
                (open, keyed) = (fact, true);
                value.push_str(rest);
            }
            None => {
                // values may begin on the line after their key
                if !value.is_empty() {
                    value.push('\n');
                }
                value.push_str(line);
            }
        }
    }
    close(open, keyed, &mut value);
    facts.put(Fact::Title, &title.unwrap_or_default());
    facts.finish(context, number)
}

/// A key in the text begins what follows it if another comes next or nothing does.
fn ends_text(rest: &[&str]) -> bool {
    rest.iter().find(|line| !line.is_empty()).is_none_or(|line| key(line).is_some())
}
