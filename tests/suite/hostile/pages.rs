//! Pages and XML made to cost time, stack or memory.

use super::make::page;
use super::{Case, WORDS, case, hold};

#[test]
fn pages_made_to_hang_a_parser_are_read_like_any_other() {
    let text = format!("<p>{WORDS}</p><p>A second paragraph says that {WORDS}</p>");
    let nested = |tag: &str, count: usize| page("Deep", &format!("{}{text}", format!("<{tag}>").repeat(count)));
    let closed = |tag: &str, count: usize| {
        let ends = format!("</{tag}>").repeat(count);
        page("Deep", &format!("{}{text}{ends}", format!("<{tag}>").repeat(count)))
    };
    let attributes: String = (0..20_000).map(|number| format!(" a{number}='{number}'")).collect();
    let same_attribute = " class='x'".repeat(20_000);
    let one = |inner: &str| page("One", inner);
    let cases: Vec<Case> = vec![
        case("40,000 nested div", "a.html", nested("div", 40_000), "1 article"),
        case("40,000 nested div, closed", "a.html", closed("div", 40_000), "1 article"),
        case("3,000 nested tables", "a.html", nested("table><tr><td", 3_000), "1 article"),
        case("nested lists", "a.html", nested("ul><li", 20_000), "1 article"),
        case("nested span in p", "a.html", nested("p><span", 20_000), "1 article"),
        case("unclosed formatting", "a.html", nested("b><i><font", 5_000), "1 article"),
        case("nested links", "a.html", nested("a href='/x'", 20_000), "0 articles, 1 no text"),
        case("nested forms and buttons", "a.html", nested("form><button", 10_000), "0 articles, 1 no text"),
        case("20,000 attributes", "a.html", one(&format!("<div{attributes}>{text}</div>")), "1 article"),
        case("20,000 times one attribute", "a.html", one(&format!("<div{same_attribute}>{text}</div>")), "1 article"),
        case("100,000 ends", "a.html", one(&format!("{text}{}", "</div>".repeat(100_000))), "1 article"),
        case("100,000 comments", "a.html", one(&format!("{text}{}", "<!-->".repeat(100_000))), "1 article"),
        case("an open comment", "a.html", one(&format!("{text}<!--{}", "x".repeat(1 << 20))), "1 article"),
        case("an open script", "a.html", one(&format!("{text}<script>{}", "</scrip".repeat(100_000))), "1 article"),
        case("an open tag", "a.html", one(&format!("{text}<div class='{}", "x".repeat(1 << 20))), "1 article"),
        case("open angles", "a.html", one(&format!("{text}{}", "<".repeat(1 << 20))), "1 article"),
        case("open ampersands", "a.html", one(&format!("{text}<p>{}", "&".repeat(1 << 20))), "1 article"),
        case("deep JSON-LD", "a.html", one(&format!("{}{text}", deep_linked_data())), "1 article"),
        case("a frame of frames", "a.html", one(&format!("{text}{}", "<iframe>".repeat(10_000))), "1 article"),
        case("only markup", "a.html", "<div>".repeat(1000), "0 articles, 1 no text"),
    ];
    hold(cases);
}

fn deep_linked_data() -> String {
    format!("<script type='application/ld+json'>{}</script>", "{\"a\":[".repeat(50_000))
}

#[test]
fn xml_expands_nothing_and_fetches_nothing() {
    let nitf = |doctype: &str, text: &str| {
        format!(
            "<?xml version=\"1.0\"?>{doctype}<nitf><head><title>A title</title></head><body><body.head><hedline>\
             <hl1>A title</hl1></hedline></body.head><body.content><p>{WORDS} {text}</p></body.content></body></nitf>"
        )
    };
    let mut laughs = "<!DOCTYPE nitf [<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..30 {
        let ten = format!("&a{};", level - 1).repeat(10);
        laughs = format!("{laughs}<!ENTITY a{level} \"{ten}\">");
    }
    laughs.push_str("]>");
    let outside = "<!DOCTYPE nitf SYSTEM \"http://192.0.2.1/x.dtd\" [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let deep = nitf("", &"<em>".repeat(100_000));
    let feed = format!(
        "<rss version='2.0'><channel><title>Feed</title><item><title>A title</title><description>{WORDS}</description>\
         </item>{}",
        "<item>".repeat(20_000)
    );
    hold(vec![
        case("billion laughs", "a.xml", nitf(&laughs, "&a29;"), "1 article"),
        case("an entity of a file", "a.xml", nitf(outside, "&x;"), "1 article"),
        case("deep XML", "a.xml", deep, "1 article"),
        case("an entity that holds itself", "a.xml", nitf("<!DOCTYPE n [<!ENTITY a \"&a;\">]>", "&a;"), "1 article"),
        case("items that never end", "a.rss", feed, "1 article, 19999 no text, 1 truncated"),
    ]);
    let sandbox = super::folder();
    sandbox.write("news/a.xml", nitf(outside, "&x;"));
    let body = sandbox.lines("extract news/a.xml")[0]["body"].to_string();
    assert!(body.ends_with("&x;\""), "{body}");
}
