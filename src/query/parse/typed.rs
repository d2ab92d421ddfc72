//! What people type and how each is understood (`typed.tsv`), and properties that hold for whatever they type.

use std::ops::Range;

use proptest::prelude::*;

use super::{Kind, Node, Parsed, QueryError, parse, parse_any};
use crate::date::{Date, Range as Days};
use crate::index::{COLUMNS, Column, folded_words};
use crate::query::ast::{Part, Presence};

const TYPED: &str = include_str!("typed.tsv");

fn today() -> Date {
    Date::ymd(2024, 5, 31).expect("a day")
}

/// The tree as query text, then ` ! ` and each warning, or `error:` and the message.
fn shown(result: Result<Parsed, QueryError>) -> String {
    match result {
        Ok(parsed) => {
            let mut parts = vec![parsed.node.to_string()];
            parts.extend(parsed.warnings);
            parts.join(" ! ")
        }
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn what_people_type_is_understood_or_refused_with_a_reason() {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in TYPED.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let (typed, expected) = line.split_once('\t').expect("two columns");
        let understood = match typed.strip_prefix("any: ") {
            Some(typed) => shown(parse_any(typed, today())),
            None => shown(parse(typed, today())),
        };
        rows += 1;
        if understood != expected {
            wrong.push(format!("{typed}\n  expected {expected}\n  is       {understood}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
    assert!(rows > 200, "only {rows} rows were read");
}

#[test]
fn a_mistake_is_pointed_at_where_it_stands() {
    let pointed = |query: &str| parse(query, today()).expect_err(query).pointed(query);
    assert_eq!(pointed("titel:flood"), "no field `titel`; did you mean `title`?\n  titel:flood\n  ^^^^^");
    assert_eq!(pointed("普京 AND"), "`AND` needs something after it\n  普京 AND\n       ^^^");
    assert_eq!(
        pointed("flood date:2024-13"),
        "month 13 in `2024-13` does not exist; did you mean `2024`?\n  flood date:2024-13\n             ^^^^^^^"
    );
}

#[test]
fn a_suggestion_put_in_the_place_of_the_mistake_is_understood() {
    for line in TYPED.lines().filter(|line| !line.starts_with("any: ")) {
        let typed = line.split('\t').next().unwrap_or_default();
        if let Err(QueryError { span, suggestion: Some(suggestion), .. }) = parse(typed, today()) {
            let corrected = format!("{}{suggestion}{}", &typed[..span.start], &typed[span.end..]);
            assert!(parse(&corrected, today()).is_ok(), "{typed} became {corrected}");
        }
    }
}

#[test]
fn limits_are_named() {
    let message = |query: &str| parse(query, today()).expect_err("beyond a limit").message;
    assert_eq!(message(&"x".repeat(5000)), "the query has 5000 bytes; the limit is 4096");
    assert_eq!(message(&format!("{}x{}", "(".repeat(65), ")".repeat(65))), "nested deeper than 64 levels");
    assert_eq!(message(&"NOT ".repeat(100)), "nested deeper than 64 levels");
    assert_eq!(message(&format!("a{}", " NEAR/1 a".repeat(100))), "nested deeper than 64 levels");
    assert_eq!(message(&"a ".repeat(513)), "the query has more than 512 words and values");
    assert_eq!(message(&format!("\"{}\"", "a ".repeat(600))), "the query has more than 512 words and values");
    assert!(parse_any(&"a ".repeat(513), today()).is_err());
    assert!(parse(&format!("{}x{}", "(".repeat(64), ")".repeat(64)), today()).is_ok());
}

#[test]
fn hostile_queries_take_no_time() {
    let started = std::time::Instant::now();
    for unit in [
        "(", ")", "\"", "“", "-", "\\", "?", "* ", "*a", "a:", "[", "a^", "~", "- ", "((a OR ", "date:", "/",
        "last 7 ", "a?", "NEAR/1 ", "“\" ",
    ] {
        let query = unit.repeat(4096 / unit.len());
        let _ = parse(&query, today());
        let _ = parse_any(&query, today());
    }
    assert!(started.elapsed().as_secs_f64() < 2.0, "{:?}", started.elapsed());
}

fn node(kind: Kind) -> Node {
    Node::new(kind, 0..0)
}

/// Text with a word in it, and often with what has a meaning.
fn words() -> impl Strategy<Value = String> {
    let nasty = "[ -~«“”、：（）—−\u{3000}a-zж普é]{0,5}[a-z0-9ж普]['\"()\\\\ *?~^:!&|+/.,;-]{0,4}";
    let meant = prop::sample::select(vec![
        "AND",
        "OR",
        "NOT",
        "NEAR/5",
        "NEAR",
        "w/5",
        "w/s",
        "last-7d",
        "7d",
        "2024..2025",
        "none",
        "[2024 TO 2025]",
        "https://example.org/x",
        "title:x",
        "atleast3(x)",
        "-x",
        "a&&b",
        "/x/",
        "x^2",
        "x~1",
        "U.S.",
        "C++",
    ]);
    prop_oneof![3 => "[a-zA-Zéж]{1,8}", 1 => nasty, 1 => meant.prop_map(str::to_owned)]
        .prop_filter("holds a word", |text| !folded_words(text).is_empty())
}

fn patterns() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["steuer*", "*bescheid", "w?rd", "?ord", "a*b?c", "*京*", "O'Br*", "t*e"])
        .prop_map(str::to_owned)
}

fn phrase_items() -> impl Strategy<Value = Node> {
    prop_oneof![
        4 => words().prop_map(|text| node(Kind::Word { text, exact: true })),
        1 => patterns().prop_map(|pattern| node(Kind::Wildcard(pattern))),
        1 => ("[a-zA-Zé]{1,8}", 1..=2_u8).prop_map(|(text, distance)| node(Kind::Fuzzy { text, distance })),
    ]
}

fn text_leaves() -> impl Strategy<Value = Node> {
    prop_oneof![
        4 => (words(), any::<bool>()).prop_map(|(text, exact)| node(Kind::Word { text, exact })),
        1 => patterns().prop_map(|pattern| node(Kind::Wildcard(pattern))),
        1 => ("[a-zA-Zé]{1,8}", 1..=2_u8).prop_map(|(text, distance)| node(Kind::Fuzzy { text, distance })),
        1 => (prop::collection::vec(phrase_items(), 2..4), 0..=1000_u32)
            .prop_map(|(items, slop)| node(Kind::Phrase { items, slop })),
    ]
}

/// What may stand near each other; of several words all only if `and`.
fn places(and: bool) -> impl Strategy<Value = Node> {
    text_leaves().prop_recursive(3, 12, 3, move |inner| {
        let near =
            (inner.clone(), inner.clone(), 0..=1000_u32, any::<bool>()).prop_map(|(left, right, distance, ordered)| {
                node(Kind::Near { left: Box::new(left), right: Box::new(right), distance, ordered })
            });
        let or = prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| node(Kind::Or(nodes)));
        let all = prop::collection::vec(inner, 2..4).prop_map(|nodes| node(Kind::And(nodes)));
        if and { prop_oneof![near, or, all].boxed() } else { prop_oneof![near, or].boxed() }
    })
}

fn near() -> impl Strategy<Value = Node> {
    (places(true), places(true), 0..=1000_u32, any::<bool>()).prop_map(|(left, right, distance, ordered)| {
        node(Kind::Near { left: Box::new(left), right: Box::new(right), distance, ordered })
    })
}

fn at_least() -> impl Strategy<Value = Node> {
    (1..=1000_u32, places(false)).prop_map(|(count, of)| node(Kind::AtLeast { count, of: Box::new(of) }))
}

fn logic(leaves: impl Strategy<Value = Node> + 'static) -> impl Strategy<Value = Node> {
    let weight = || prop::sample::select(vec![1.0_f32, 1.0, 1.0, 2.0, 0.5, 0.000_03, 1.1]);
    let weighted =
        move |nodes: BoxedStrategy<Node>| (nodes, weight()).prop_map(|(node, boost)| Node { boost, ..node }).boxed();
    weighted(leaves.boxed()).prop_recursive(4, 24, 4, move |inner| {
        let all = prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| node(Kind::And(nodes)));
        let any = prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| node(Kind::Or(nodes)));
        let not = inner.prop_map(|inner| node(Kind::Not(Box::new(inner))));
        weighted(prop_oneof![all, any, not].boxed())
    })
}

fn columns() -> impl Strategy<Value = Column> {
    (0..COLUMNS.len()).prop_map(|number| COLUMNS[number].0)
}

fn days() -> impl Strategy<Value = Days> {
    (-100_000..100_000_i64, 0..50_000_i64, 0..3).prop_map(|(first, length, open)| Days {
        first: (open != 1).then_some(first),
        last: (open != 2).then_some(first + length),
    })
}

fn trees() -> impl Strategy<Value = Node> {
    let part = prop::sample::select(vec![Part::Title, Part::Lead, Part::Body]);
    let within = (part, logic(prop_oneof![text_leaves(), near(), at_least()]))
        .prop_map(|(part, query)| node(Kind::Within { part, query: Box::new(query) }));
    let value = (columns(), words()).prop_map(|(column, value)| node(Kind::Value { column, value, pattern: false }));
    let pattern = (columns(), "[a-zж][a-z :/.-]{0,3}\\*[a-z?]{0,2}[a-z]")
        .prop_map(|(column, value)| node(Kind::Value { column, value, pattern: true }));
    let presence = prop_oneof![columns().prop_map(Presence::Column), Just(Presence::Date), Just(Presence::Title)];
    logic(prop_oneof![
        4 => text_leaves(),
        2 => near(),
        1 => at_least(),
        2 => within,
        2 => value,
        1 => pattern,
        1 => presence.prop_map(|presence| node(Kind::Has(presence))),
        1 => days().prop_map(|days| node(Kind::Date(days))),
        1 => (1..=12_i8, 1..=29_i8).prop_map(|(month, day)| node(Kind::OnThisDay { month, day })),
        1 => words().prop_map(|id| node(Kind::Id(id))),
        1 => words().prop_map(|office| node(Kind::Office(office))),
        1 => Just(node(Kind::All)),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_tree_parses_to_the_same_tree(tree in trees()) {
        let text = tree.to_string();
        prop_assume!(text.len() <= super::LONGEST_QUERY);
        let parsed = parse(&text, today());
        let same = parsed.as_ref().is_ok_and(|parsed| parsed.node == tree);
        prop_assert!(same, "{text} was read as {}", shown(parsed));
    }

    #[test]
    fn no_text_panics_and_what_is_understood_prints_as_itself(text in any::<String>()) {
        understood_prints_as_itself(&text);
    }

    #[test]
    fn nothing_like_a_query_panics(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "B", "7d", "last", " ", " ", " ", "\"", "“", "”", "(", ")", "（", "-", "+", "!", "*", "?", "~", "^", "2",
            ":", "：", "\\", "/", "[", "]", "&&", "||", "&", "AND", "OR", "NOT", "NEAR/5", "near", "title:", "person:",
            "date:", "2024", "..", "none", "has:", "id:", "url:", "http://", "atleast3", "atleast:", "onthisday:", "04-13",
            "office:", "普京", "ж", ".", ",", "'", "\u{301}", "\u{200b}", "\n",
        ]), 0..24)
    ) {
        understood_prints_as_itself(&pieces.concat());
    }
}

fn understood_prints_as_itself(text: &str) {
    for result in [parse(text, today()), parse_any(text, today())] {
        match result {
            Ok(parsed) => {
                let printed = parsed.node.to_string();
                let again = parse(&printed, today()).map(|parsed| parsed.node);
                assert!(
                    printed.len() > super::LONGEST_QUERY || again == Ok(parsed.node),
                    "{text:?} printed as {printed}"
                );
            }
            Err(error) => {
                let Range { start, end } = error.span.clone();
                assert!(start <= end && text.get(start..end).is_some(), "{text:?}: {error:?}");
                assert!(!error.pointed(text).is_empty());
                assert_eq!(error.to_string().lines().count(), 1, "{error:?}");
            }
        }
    }
}
