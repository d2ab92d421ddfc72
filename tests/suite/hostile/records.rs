//! Tables, JSON and crawls that break within: the record is lost, not the file, and never without a word.

use super::make::{captured, gzip};
use super::{WORDS, case, folder, hold, outcome};

fn line(number: usize) -> String {
    format!("{{\"id\":\"n{number}\",\"title\":\"Story {number}\",\"text\":\"{number}: {WORDS}\"}}\n")
}

fn endless(field: &str, value: &str) -> String {
    let mut record = serde_json::json!({"title": "Story", "text": WORDS});
    record[field] = value.into();
    record.to_string()
}

#[test]
fn a_broken_record_costs_no_other() {
    let [one, two] = [line(1), line(2)];
    let deep = format!("{one}{{\"title\":\"x\",\"text\":{}\n{two}", "[".repeat(100_000));
    let long = format!("{one}{{\"title\":\"{}\"}}\n{two}", "x".repeat(3 << 20));
    let deep_value = format!("[{}", "[".repeat(100_000));
    let quote = format!("title,text\nStory 1,\"1: {WORDS}\"\nStory 2,\"2: {WORDS}\nStory 3,3: {WORDS}\n");
    let ragged = format!("title,text\nStory 1,1: {WORDS}\nStory 2\nStory 3,3: {WORDS},x,y,z\n");
    let same_line = format!("{one}{one}{two}");
    let other_text = format!("{one}{}", one.replace("harbour", "station"));
    let same_url =
        |text: &str| format!("{{\"title\":\"S\",\"url\":\"http://example.org/s\",\"text\":\"{text} {WORDS}\"}}\n");
    let reuters = "<REUTERS NEWID=\"1\"><TEXT><TITLE>A</TITLE><BODY>Some text.".repeat(300);
    let mail = format!("From: a@example.org\nSubject: A title\nDate: Fri, 31 Feb 2999 99:99:99 +9999\n\n{WORDS}\n");
    let parts = format!(
        "From: a@example.org\nSubject: Parts\nDate: Fri, 3 May 2024 10:00:00 +0000\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n{}{WORDS}\n",
        "--b\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(20_000)
    );
    hold(vec![
        case("deep JSON in a line", "a.jsonl", deep, "2 articles, 1 malformed"),
        case("a long line", "a.jsonl", long, "2 articles, 1 too large").with(&["--max-record-size", "1M"]),
        case("deep JSON", "a.json", deep_value, "0 articles, 1 truncated"),
        case("half a line", "a.jsonl", format!("{one}{}", &two[..40]), "1 article, 1 malformed"),
        case("a line that is no JSON", "a.jsonl", format!("{one}<html>\n{two}"), "2 articles, 1 malformed"),
        case(
            "numbers for text",
            "a.jsonl",
            format!("{one}{{\"title\":1,\"text\":[2,{{\"x\":3}}]}}\n{two}"),
            "3 articles",
        ),
        case("an open quote", "a.csv", quote, "3 articles"),
        case("ragged rows", "a.csv", ragged, "3 articles"),
        case("no column of ours", "a.csv", "a,b\n1,2\n3,4\n", "0 articles, 1 no text"),
        case("the same record twice", "a.jsonl", same_line, "2 articles, 1 duplicate"),
        case("an id with another text", "a.jsonl", other_text, "2 articles, 1 id reused"),
        case("one url, two texts", "a.jsonl", same_url("First.") + &same_url("Second."), "2 articles, 1 id reused"),
        case("an endless title", "a.jsonl", endless("title", &"x ".repeat(1 << 20)), "1 article, 1 text cut"),
        case("an endless source", "a.jsonl", endless("source", &"x".repeat(1 << 20)), "1 article, 1 text cut"),
        case("an endless id", "a.jsonl", endless("id", &"x".repeat(1 << 20)), "1 article, 1 text cut"),
        case("SGML that never closes", "a.sgm", reuters, "1 article, 298 duplicate, 1 truncated"),
        case("a mail of an absurd day", "a.eml", mail, "1 article, 1 date refused"),
        case("parts in parts", "a.eml", parts, "1 article"),
    ]);
}

#[test]
fn a_crawl_with_wrong_lengths_is_picked_up_again() {
    let right = |title: &str| captured(title, Some);
    let around = |broken: Vec<u8>| [right("A first page"), broken, right("A last page")].concat();
    let damaged =
        [&right("A first page")[..], b"\x00\x01 garbage \xff garbage\r\n\r\n", &right("A last page")].concat();
    let mixed = [gzip(&right("A first page")), right("A plain page"), gzip(&right("A last page"))].concat();
    hold(vec![
        case("too long", "a.warc", around(captured("A middle page", |len| Some(len + 200))), "3 articles"),
        case("too short", "a.warc", around(captured("A middle page", |len| Some(len - 100))), "3 articles"),
        case("none", "a.warc", around(captured("A middle page", |_| None)), "3 articles"),
        case("absurd", "a.warc", around(captured("A middle page", |_| Some(usize::MAX))), "3 articles"),
        case("damage between", "a.warc", damaged, "2 articles, 1 malformed"),
        case("packed and plain", "a.warc.gz", mixed, "3 articles"),
    ]);
}

#[test]
fn a_second_run_tells_the_same() {
    let sandbox = folder();
    sandbox.write("news/a.jsonl", format!("{}{{\n{}", line(1), line(2)));
    sandbox.write("news/b.bin", [0_u8; 64]);
    let first = outcome(&sandbox, &[]);
    assert_eq!(first, "2 articles, 1 binary, 1 malformed");
    assert_eq!(outcome(&sandbox, &["--rebuild"]), first);
    assert_eq!(outcome(&sandbox, &[]), first, "even where nothing is read again");
}
