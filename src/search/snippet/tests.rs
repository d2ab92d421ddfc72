use super::*;

fn word(text: &str) -> Node {
    Node::new(Kind::Word { text: text.to_owned(), exact: false }, 0..0)
}

#[test]
fn a_snippet_marks_stems_and_escapes_markup() {
    let article = Article {
        body: "First <b>things</b>. The negotiators negotiated at length.\n\nLast words.".to_owned(),
        language: Some("en".to_owned()),
        ..Article::default()
    };
    let html = snippet(&word("negotiating"), &article).html();
    assert_eq!(html, "… The <mark>negotiators</mark> <mark>negotiated</mark> at length. Last words.");
}

#[test]
fn without_matches_it_is_the_beginning() {
    let article = Article { body: "Short text & more.".to_owned(), ..Article::default() };
    assert_eq!(snippet(&Node::all(), &article).html(), "Short text &amp; more.");
}

fn shown(query: &str, body: &str) -> String {
    let today = crate::date::Date::ymd(2024, 5, 31).expect("a day");
    let node = crate::query::parse(query, today).expect(query).node;
    snippet(&node, &Article { body: body.to_owned(), language: Some("en".to_owned()), ..Article::default() }).html()
}

#[test]
fn what_matched_is_what_is_marked() {
    let body = "A cease-fire held. Peace talks about peace went on; Zelensky and Zelenskyy spoke at peace talks.";
    for (query, marked) in [
        ("\"peace talks\"", vec!["Peace talks", "peace talks"]),
        ("\"pea* talks\"", vec!["Peace talks", "peace talks"]),
        ("zelensky~1", vec!["Zelensky", "Zelenskyy"]),
        ("ceasefire", vec!["cease-fire"]),
        ("talking", vec!["talks", "talks"]),
        ("went ADJ on", vec!["went", "on"]),
        ("lead:zelen*", vec!["Zelensky", "Zelenskyy"]),
        ("title:peace -talks", vec![]),
    ] {
        let html = shown(query, body);
        let found: Vec<&str> = html.split("<mark>").skip(1).filter_map(|rest| rest.split("</mark>").next()).collect();
        assert_eq!(found, marked, "{query}");
    }
}

#[test]
fn the_lead_is_marked_only_where_it_is() {
    let body = format!("truce {} truce", "word ".repeat(120));
    assert!(shown("lead:truce", &body).starts_with("<mark>truce</mark> word"));
    assert_eq!(shown("lead:truce", &body).matches("<mark>").count(), 1);
}

#[test]
fn a_point_in_an_abbreviation_ends_no_sentence() {
    let body = format!("{}. Many U.S. troops under Gen. Smith left the harbour.", "x".repeat(300));
    assert_eq!(shown("harbour", &body), "… Many U.S. troops under Gen. Smith left the <mark>harbour</mark>.");
}

#[test]
fn nothing_turns_the_page_around() {
    assert_eq!(shown("b", "a \u{202e}b\u{202c} \u{1b}[31m<i>"), "a <mark>b</mark> [31m&lt;i&gt;");
}

#[test]
fn hundreds_of_patterns_that_fit_every_word_do_not_hide_the_best_stretch() {
    let filler = "Nothing of note was said on that day in the hall. ".repeat(40);
    let query = format!("{} OR zeal OR quorum", ["*a*", "*o*"].repeat(200).join(" OR "));
    let html = shown(&query, &format!("{filler}With zeal a quorum was sought. {filler}"));
    assert!(html.contains("<mark>zeal</mark> <mark>a</mark> <mark>quorum</mark>"), "{html}");
}
