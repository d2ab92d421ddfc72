//! A tree in plain words, one part a line, for people who want to know how they were understood.

use crate::date::{Date, Range};

use super::ast::{Kind, Node};

/// The tree in plain words, two spaces to a level.
pub fn outline(node: &Node) -> String {
    outline_with(node, |_| Vec::new())
}

/// The same, with what `note` has to say about a part on the lines below it, such as the words a pattern stands for.
pub fn outline_with(node: &Node, mut note: impl FnMut(&Node) -> Vec<String>) -> String {
    let mut lines = String::new();
    add(node, 0, &mut note, &mut lines);
    lines
}

fn add(node: &Node, level: usize, note: &mut impl FnMut(&Node) -> Vec<String>, lines: &mut String) {
    let mut line = |level: usize, text: &str| {
        lines.extend(std::iter::repeat_n("  ", level));
        lines.push_str(text);
        lines.push('\n');
    };
    let mut text = words(&node.kind);
    if node.boost.to_bits() != 1.0_f32.to_bits() {
        text = format!("{text}, weight {}", node.boost);
    }
    line(level, &text);
    for text in note(node) {
        line(level + 1, &text);
    }
    for child in children(&node.kind) {
        add(child, level + 1, note, lines);
    }
}

fn children(kind: &Kind) -> Vec<&Node> {
    match kind {
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().collect(),
        Kind::Phrase { items, .. } if !items.iter().all(is_word) => items.iter().collect(),
        Kind::Near { left, right, .. } => vec![left, right],
        Kind::AtLeast { of: node, .. } | Kind::Not(node) | Kind::Within { query: node, .. } => vec![node],
        _ => Vec::new(),
    }
}

fn is_word(node: &Node) -> bool {
    matches!(node.kind, Kind::Word { .. })
}

fn words(kind: &Kind) -> String {
    match kind {
        Kind::All => "every article".to_owned(),
        Kind::Word { text, exact: false } => format!("word `{text}`, in any of its forms"),
        Kind::Word { text, exact: true } => format!("word `{text}`, in this form"),
        Kind::Wildcard(pattern) => format!("words like `{pattern}`"),
        Kind::Fuzzy { text, distance: 1 } => format!("word `{text}` with up to one letter changed"),
        Kind::Fuzzy { text, distance } => format!("word `{text}` with up to {distance} letters changed"),
        Kind::Phrase { items, slop } => {
            let what = if items.iter().all(is_word) {
                let words: Vec<&str> = items
                    .iter()
                    .filter_map(
                        |item| if let Kind::Word { text, .. } = &item.kind { Some(text.as_str()) } else { None },
                    )
                    .collect();
                format!("phrase `{}`", words.join(" "))
            } else {
                "phrase".to_owned()
            };
            if *slop > 0 { format!("{what}, with up to {slop} moves") } else { what }
        }
        Kind::Near { distance, ordered, .. } => {
            let order = if *ordered { "in this order" } else { "in any order" };
            match distance {
                0 => format!("next to each other, {order}"),
                1 => format!("near each other, at most one word between, {order}"),
                _ => format!("near each other, at most {distance} words between, {order}"),
            }
        }
        Kind::AtLeast { count, .. } => format!("at least {count} times in the body"),
        Kind::And(_) => "all of".to_owned(),
        Kind::Or(_) => "any of".to_owned(),
        Kind::Not(_) => "not".to_owned(),
        Kind::Within { part, .. } => format!("in the {}", part.name()),
        Kind::Value { column, value, pattern: false } => format!("{} `{value}`", column.singular()),
        Kind::Value { column, value, pattern: true } => format!("{} like `{value}`", column.singular()),
        Kind::Office(office) => format!("whoever was `{office}` at the time"),
        Kind::Id(id) => format!("the article `{id}`"),
        Kind::Has(presence) => format!("has any {}", presence.name()),
        Kind::Date(range) => days(range),
        Kind::OnThisDay { month, day } => format!("on {month:02}-{day:02} of any year"),
    }
}

fn days(range: &Range) -> String {
    let day = |day: Option<i64>| day.and_then(Date::from_days).map(|date| date.to_string());
    match (day(range.first), day(range.last)) {
        (Some(first), Some(last)) if first == last => format!("published on {first}"),
        (Some(first), Some(last)) => format!("published from {first} to {last}"),
        (Some(first), None) => format!("published from {first} on"),
        (None, Some(last)) => format!("published until {last}"),
        (None, None) => "published at any date".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(query: &str) -> String {
        outline(&crate::query::parse(query, Date::ymd(2024, 5, 31).expect("a day")).expect(query).node)
    }

    #[test]
    fn a_query_reads_as_plain_words() {
        assert_eq!(
            lines("truce (\"peace talks\"~2 OR \"elect* results\") -title:putin~^2 person:zelensky date:last-7d"),
            "all of\n\
            \x20 word `truce`, in any of its forms\n\
            \x20 any of\n\
            \x20   phrase `peace talks`, with up to 2 moves\n\
            \x20   phrase\n\
            \x20     words like `elect*`\n\
            \x20     word `results`, in this form\n\
            \x20 not\n\
            \x20   in the title, weight 2\n\
            \x20     word `putin` with up to one letter changed\n\
            \x20 person `zelensky`\n\
            \x20 published from 2024-05-25 to 2024-05-31\n"
        );
        assert_eq!(
            lines("atleast:3(a ADJ b)"),
            "at least 3 times in the body\n  next to each other, in this order\n    \
             word `a`, in any of its forms\n    word `b`, in any of its forms\n"
        );
        assert_eq!(lines(""), "every article\n");
    }

    #[test]
    fn notes_stand_below_the_part_they_are_about() {
        let node = crate::query::parse("a b*", Date::ymd(2024, 5, 31).expect("a day")).expect("a query").node;
        let note =
            |node: &Node| if let Kind::Wildcard(_) = node.kind { vec!["bar, baz".to_owned()] } else { Vec::new() };
        assert_eq!(
            outline_with(&node, note),
            "all of\n  word `a`, in any of its forms\n  words like `b*`\n    bar, baz\n"
        );
    }
}
