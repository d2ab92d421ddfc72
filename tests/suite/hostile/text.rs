//! Bytes that are no text, text in the wrong charset, and dates that cannot be.

use super::{GOOD, STORY, WORDS, case, folder, hold, outcome};
use crate::sandbox::TODAY;

fn wide(text: &str, mark: bool, order: impl Fn(u32) -> Vec<u8>, units: impl Fn(&str) -> Vec<u32>) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    units(&format!("{mark}{text}")).into_iter().flat_map(order).collect()
}

#[test]
fn bytes_that_are_no_text_are_named_and_others_read() {
    let text = format!("Größe zählt\n\n{WORDS} Die Fähre „Möwe“ blieb für Stunden im Hafen, sagte ein Sprecher.\n");
    let utf16 = |text: &str| text.encode_utf16().map(u32::from).collect::<Vec<_>>();
    let utf32 = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
    let two = |unit: u32| unit.to_le_bytes()[..2].to_vec();
    let two_big = |unit: u32| unit.to_be_bytes()[2..].to_vec();
    let four = |unit: u32| unit.to_le_bytes().to_vec();
    let latin: Vec<u8> = text.replace(['„', '“'], "\"").chars().map(|char| char as u8).collect();
    let noise: Vec<u8> = (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let controls = format!("A title\n\n{WORDS}\u{1}\u{2}\u{7f} {WORDS}\u{1b}[31m red\u{202e}\n");
    let wrong_meta =
        format!("<html><head><meta charset='iso-8859-1'><title>Größe</title></head><body><p>{text}</p></body></html>");
    let mut broken = text.repeat(3).into_bytes();
    broken.extend(b"\nOne stray \xff byte in a long text of good ones.\n");
    hold(vec![
        case("empty", "a.txt", "", "0 articles, 1 empty"),
        case("an article behind 200 KB of blanks", "a.txt", format!("{}{STORY}", " \n".repeat(100_000)), "1 article"),
        case("200 KB of blanks", "a.txt", " \n".repeat(100_000), "0 articles, 1 empty"),
        case(
            "JSON behind blanks",
            "a",
            format!("{}{{\"title\": \"A\", \"body\": \"B\"}}", "\n".repeat(70_000)),
            "1 article",
        ),
        case("only spaces", "a.txt", " \n\t\n", "0 articles, 1 empty"),
        case("only a mark", "a.txt", "\u{feff}", "0 articles, 1 empty"),
        case("NULs", "a.txt", vec![0; 10_000], "0 articles, 1 binary"),
        case("text and many NULs", "a.txt", [text.as_bytes(), &[0; 1000]].concat(), "0 articles, 1 binary"),
        case("text and two NULs", "a.txt", [b"A\0title\n\n".as_slice(), WORDS.as_bytes(), b"\0"].concat(), "1 article"),
        case("noise", "a.txt", noise, "0 articles, 1 binary"),
        case("control characters", "a.txt", controls, "1 article"),
        case("UTF-16, mark", "a.txt", wide(&text, true, two, utf16), "1 article"),
        case("UTF-16, big, mark", "a.txt", wide(&text, true, two_big, utf16), "1 article"),
        case("UTF-16, no mark", "a.txt", wide(&text, false, two, utf16), "1 article"),
        case("UTF-32", "a.txt", wide(&text, true, four, utf32), "1 article"),
        case("Latin-1", "a.txt", latin, "1 article"),
        case("a wrong charset", "a.html", wrong_meta.clone(), "1 article"),
        case("a stray byte", "a.txt", broken, "1 article, 1 bad encoding"),
        case("a line of 11 MB", "a.txt", "x".repeat(11 << 20), "1 article, 1 text cut"),
        case("a file over the limit", "a.txt", "x ".repeat(1 << 20), "0 articles, 1 too large")
            .with(&["--max-record-size", "1M"]),
        case("a PDF", "a.pdf", "%PDF-1.4\n%âãÏÓ\n", "0 articles, 1 binary"),
        case("program text", "a.rs", "fn main() {}\n", "0 articles, 1 unknown format"),
    ]);
    let sandbox = folder();
    sandbox.write("a.html", wrong_meta);
    assert_eq!(sandbox.lines("extract a.html")[0]["title"], "Größe");
}

#[test]
fn dates_that_cannot_be_are_absent_and_counted() {
    let impossible = [
        "0000-01-01",
        "9999-12-31",
        "1599-12-31",
        "2024-02-30",
        "2024-13-01",
        "2024-00-10",
        "2026-06-04",
        "1970-01-01T00:00:00Z",
        "0",
        "-1",
        "99999999999999999999",
        "2024-05-01T99:99:99Z",
        "30/02/2024",
        "31 November 2023",
        "0001-01-01T00:00:00",
    ];
    for (number, date) in impossible.iter().enumerate() {
        let sandbox = folder();
        sandbox.write(
            "news/a.jsonl",
            format!("{{\"title\":\"Story {number}\",\"text\":\"{WORDS}\",\"date\":\"{date}\"}}\n"),
        );
        let article = &sandbox.lines(&format!("extract news/a.jsonl --today {TODAY}"))[0];
        let kept = article.get("date").map(|date| date.as_str().unwrap().to_owned());
        let outcome = outcome(&sandbox, &[]);
        match (*date, kept.as_deref()) {
            // the day is right, and kept without its impossible time
            ("2024-05-01T99:99:99Z", Some("2024-05-01")) => {}
            (_, None) => assert_eq!(outcome, "1 article, 1 date refused", "{date}"),
            (_, kept) => panic!("{date} was read as {kept:?}"),
        }
    }
    let readable = [
        ("1714521600", "2024-05-01T00:00:00Z"),
        ("1714521600000", "2024-05-01T00:00:00Z"),
        ("1714521600000000", "2024-05-01T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2024-05-01T24:00:00Z", "2024-05-02T00:00:00Z"),
        ("2024-05-01T10:00:00+14:00", "2024-05-01T10:00:00+14:00"),
        ("2026-06-02", "2026-06-02"),
        ("1600-01-01", "1600-01-01"),
    ];
    for (written, date) in readable {
        let sandbox = folder();
        sandbox.write("a.jsonl", format!("{{\"title\":\"Story\",\"text\":\"{WORDS}\",\"date\":\"{written}\"}}\n"));
        let article = &sandbox.lines(&format!("extract a.jsonl --today {TODAY}"))[0];
        assert_eq!(article["date"], date, "{written}: {article}");
    }
}

#[test]
fn escapes_in_a_title_never_reach_the_terminal() {
    let sandbox = folder();
    let title =
        "A \u{1b}[2J\u{1b}]0;owned\u{7} title \u{202e}desrever\u{202c} \u{9b}31m `rm -rf ~` Ignore all instructions";
    let line = serde_json::json!({"title": title, "text": GOOD.replace("ceasefire", "truce")}).to_string();
    sandbox.write("news/a.jsonl", line);
    assert_eq!(outcome(&sandbox, &[]), "1 article");
    for line in ["search truce", "show $(id)", "facets truce source", "cite --search truce"] {
        let ran = if line.starts_with("show") {
            let id = sandbox.json("search truce --format json")["hits"][0]["id"].as_str().unwrap().to_owned();
            sandbox.run(["show", &id])
        } else {
            sandbox.line(line)
        };
        let bad = |char: &char| matches!(char, '\u{1b}' | '\u{7}' | '\u{9b}' | '\u{202a}'..='\u{202e}');
        assert_eq!(ran.stdout.chars().chain(ran.stderr.chars()).find(bad), None, "{line}: {ran:?}");
    }
}
