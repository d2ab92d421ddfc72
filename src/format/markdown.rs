//! Markdown and text with front matter: facts in YAML or TOML above the article.
//!
//! Of YAML only what sites write there is read: a key, and a value, a quoted value, or a list. Marks of Markdown are
//! taken off, for they are not the article's words.

use serde_json::Value;

use crate::archive::{Skip, SkipReason};
use crate::article::Draft;
use crate::date::{DateFrom, in_file_name};
use crate::format::field::{self, Field};
use crate::format::row::{self, Cell};
use crate::format::{Context, markup};

/// Lines front matter may have.
const LONGEST_MATTER: usize = 500;

/// Bytes of a link, its address included.
const LONGEST_LINK: usize = 2000;

/// Whether a text begins with front matter.
pub fn has_front_matter(text: &str) -> bool {
    front_matter(text).is_some_and(|(matter, _)| !matter.is_empty())
}

/// Reads an article.
///
/// # Errors
/// `NoText` if it has neither title nor text.
pub fn article(text: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let (matter, rest) = front_matter(text).unwrap_or((Vec::new(), text));
    let mut facts: Vec<(usize, Cell)> = Vec::new();
    for (key, value) in matter {
        if let Some(alias) = field::known(&key).filter(|alias| alias.field != Field::Body) {
            facts.push((alias.rank, Cell { field: alias.field, weak: alias.weak, value }));
        }
    }
    facts.sort_by_key(|(rank, _)| *rank);
    let mut cells: Vec<Cell> = facts.into_iter().map(|(_, cell)| cell).collect();
    let (heading, body) = plain(rest, !cells.iter().any(|cell| cell.field == Field::Title));
    for (field, text) in [(Field::Title, heading.unwrap_or_default()), (Field::Body, body.clone())] {
        cells.push(Cell { field, weak: false, value: Value::String(text) });
    }
    let Some(mut draft) = row::draft(cells, false) else {
        let (path, detail) = (context.path.clone(), "neither title nor text".to_owned());
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail });
    };
    draft.article.body = body;
    if draft.article.date.is_none() {
        draft.article.date = in_file_name(&context.path);
        draft.article.date_from = draft.article.date.map(|_| DateFrom::FileName);
    }
    Ok(draft)
}

type Matter = Vec<(String, Value)>;

/// The facts between `---` or `+++`, and the text below them.
fn front_matter(text: &str) -> Option<(Matter, &str)> {
    let fence = ["---", "+++"].into_iter().find(|fence| text.starts_with(fence))?;
    let separator = if fence == "---" { ':' } else { '=' };
    let mut rest = text[fence.len()..].strip_prefix('\n')?;
    let mut matter: Matter = Vec::new();
    for _ in 0..LONGEST_MATTER {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if line.trim_end() == fence || line.trim_end() == "..." {
            return Some((matter, after));
        }
        if after.is_empty() {
            return None;
        }
        rest = after;
        let trimmed = line.trim();
        if let Some(item) = trimmed.strip_prefix("- ") {
            let item = unquoted(item);
            match matter.last_mut() {
                Some((_, Value::Array(items))) => items.push(Value::String(item)),
                Some((_, value)) if *value == Value::String(String::new()) => {
                    *value = Value::Array(vec![Value::String(item)]);
                }
                _ => {}
            }
        } else if let (Some((key, value)), false) =
            (line.split_once(separator), line.starts_with([' ', '\t', '#', '[']))
        {
            matter.push((key.trim().to_owned(), scalar(value.trim())));
        }
    }
    None
}

/// `[a, "b"]` is a list, all else text.
fn scalar(written: &str) -> Value {
    match written.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        Some(inside) => inside.split(',').map(unquoted).filter(|item| !item.is_empty()).map(Value::String).collect(),
        None => Value::String(unquoted(written)),
    }
}

fn unquoted(written: &str) -> String {
    let written = written.trim();
    let inside = ['"', '\''].into_iter().find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote));
    inside.map_or_else(|| written.to_owned(), |inside| inside.replace("\\\"", "\"").replace("''", "'"))
}

/// The first heading if it is wanted, and the text without marks.
fn plain(text: &str, wants_heading: bool) -> (Option<String>, String) {
    let text = if markup::is_markup(text) {
        markup::text(&text.replace("\n\n", "<p>").replace('\n', "<br>"))
    } else {
        text.to_owned()
    };
    let (mut heading, mut body) = (None, String::with_capacity(text.len()));
    let (mut open, mut code) = (false, false);
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            code = !code;
            open = false;
            continue;
        }
        let words = if code { trimmed.to_owned() } else { inline(trimmed.trim_start_matches('>').trim_start()) };
        let marks = words.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading = (1..=6).contains(&marks) && words[marks..].starts_with(' ');
        let is_rule = words.len() >= 3 && words.chars().all(|char| matches!(char, '-' | '*' | '_' | '=' | ' '));
        if words.is_empty() || is_rule {
            open = false;
            continue;
        }
        if is_heading {
            let title = words[marks..].trim().trim_end_matches('#').trim_end().to_owned();
            open = false;
            if wants_heading && heading.is_none() && body.is_empty() {
                heading = Some(title);
                continue;
            }
            push(&mut body, "\n\n", &title);
            continue;
        }
        let is_item = words.starts_with(['-', '*', '+', '（', '(', '|'])
            || words
                .split_once(['.', ')', '、'])
                .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        push(
            &mut body,
            if !open {
                "\n\n"
            } else if is_item {
                "\n"
            } else {
                " "
            },
            &words,
        );
        open = true;
    }
    (heading, body)
}

fn push(body: &mut String, between: &str, words: &str) {
    if !body.is_empty() {
        body.push_str(between);
    }
    body.push_str(words);
}

/// The words of a link whose label begins here, and what follows its address.
fn link(label: &str) -> Option<(&str, &str)> {
    let near = &label.as_bytes()[..label.floor_char_boundary(LONGEST_LINK)];
    // a label holds no other
    let mut ends = memchr::memchr2_iter(b'[', b']', near);
    let end = ends.find(|at| near[*at] == b'[' || near.get(at + 1) == Some(&b'('))?;
    let after = near.get(end + 2..).filter(|_| near[end] == b']')?;
    let past = end + 2 + memchr::memchr(b')', after)? + 1;
    Some((&label[..end], &label[past..]))
}

/// A line without the marks of links, pictures and emphasis.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['[', '!']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let is_picture = from.starts_with("![");
        let label = from.trim_start_matches('!').strip_prefix('[').filter(|_| is_picture || from.starts_with('['));
        let link = label.and_then(link);
        match link {
            Some((words, after)) => {
                if !is_picture {
                    out.push_str(words);
                }
                rest = after;
            }
            None => {
                let length = from.chars().next().map_or(0, char::len_utf8);
                out.push_str(&from[..length]);
                rest = &from[length..];
            }
        }
    }
    out.push_str(rest);
    let out = out.replace("**", "").replace("__", "").replace('`', "");
    markup::entities(&out).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Draft {
        let context = Context { path: "a/2024-05-18-ferry.md".to_owned(), ..Context::default() };
        article(text, &context, 1).unwrap()
    }

    #[test]
    fn front_matter_gives_the_facts() {
        for matter in [
            "---\ntitle: \"Bridge: open\"\nauthor: Jane Roe\ndate: 2024-05-17 10:00:00 +0200\ntags:\n  - local\n  - bridges\n---\n",
            "+++\ntitle = \"Bridge: open\"\nauthor = 'Jane Roe'\ndate = 2024-05-17T10:00:00+02:00\ntags = [\"local\", \"bridges\"]\n[params]\n+++\n",
        ] {
            let text = format!(
                "{matter}\n# Not the title\n\nThe [bridge](https://x.example) is **open**\nand ![](a.jpg)dry.\n\n- one\n- two\n"
            );
            assert!(has_front_matter(&text));
            let article = read(&text).article;
            assert_eq!((article.title.as_str(), &article.authors[..]), ("Bridge: open", &["Jane Roe".to_owned()][..]));
            assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-05-17T10:00:00+02:00"));
            assert_eq!(article.tags, ["local", "bridges"]);
            assert_eq!(article.body, "Not the title\n\nThe bridge is open and dry.\n\n- one\n- two");
        }
    }

    #[test]
    fn without_front_matter_the_first_heading_is_the_title() {
        let article = read("# Bridge opens #\n\nOne [two] ![x.\n\n---\n\n## Later\n\nThree.").article;
        assert_eq!(
            (article.title.as_str(), article.body.as_str()),
            ("Bridge opens", "One [two] ![x.\n\nLater\n\nThree.")
        );
        assert_eq!(
            (article.date.map(|date| date.to_string()).as_deref(), article.date_from),
            (Some("2024-05-18"), Some(DateFrom::FileName))
        );
        assert!(!has_front_matter("---\nno end: here\n"));
    }

    #[test]
    fn hostile_text_ends_in_time() {
        for text in ["[".repeat(100_000), "![a](".repeat(50_000), "---\n".repeat(100_000)] {
            let _ = article(&text, &Context::default(), 1);
        }
    }
}
