//! Pages written for the rules, and pages written to break them.

use crate::date::Date;
use std::time::{Duration, Instant};

use super::article;
use crate::archive::SkipReason;
use crate::article::Draft;
use crate::date::DateFrom;
use crate::format::Context;

const HARBOUR: &str = include_str!("../../../tests/fixtures/formats/html/harbour.html");
const TABLES: &str = include_str!("../../../tests/fixtures/formats/html/tables.html");
const MOST: &str = include_str!("../../../tests/fixtures/formats/html/most.html");
const REDIRECT: &str = include_str!("../../../tests/fixtures/formats/html/redirect.html");

const FIRST: &str =
    "The ferry will not sail before Monday, because the engine has to be taken out and mended in the yard.";
const SECOND: &str =
    "Its owner said on Friday that passengers would get their money back, or a ticket for another day.";

fn read(html: &str) -> Draft {
    let today = Date::ymd(2026, 1, 1);
    article(html, &Context { today, ..Context::default() }, 1).expect("an article")
}

fn body(inner: &str) -> String {
    read(&format!("<html><body>{inner}</body></html>")).article.body
}

fn date(html: &str) -> Option<String> {
    read(html).article.date.map(|date| date.to_string())
}

fn page(head: &str, inner: &str) -> String {
    format!(
        "<html lang=en><head>{head}</head><body><h1>Ferry stays in port</h1>{inner}<p>{FIRST}</p><p>{SECOND}</p></body></html>"
    )
}

#[test]
fn a_news_page_gives_its_text_and_nothing_round_it() {
    let draft = read(HARBOUR);
    let lines: Vec<&str> = draft.article.body.split("\n\n").collect();
    assert_eq!(lines.len(), 9, "{lines:#?}");
    assert!(lines[0].starts_with("The council has voted"));
    assert!(lines[1].starts_with("Work on the harbour wall"));
    assert_eq!(lines[3], "Who will pay");
    assert_eq!(lines[5], "The county gives two million.");
    assert!(lines[8].ends_with("finished by April."));
}

#[test]
fn a_news_page_gives_its_facts() {
    let article = read(HARBOUR).article;
    assert_eq!(article.title, "Harbour wall to be rebuilt by spring");
    assert_eq!(article.authors, ["Ines Okafor", "Tom Vale"]);
    assert_eq!(article.source.as_deref(), Some("Coast Ledger"));
    assert_eq!(article.section.as_deref(), Some("Local"));
    assert_eq!(article.tags, ["harbour", "council", "storm"]);
    assert_eq!(article.language.as_deref(), Some("en-GB"));
    assert_eq!(article.url.as_deref(), Some("https://ledger.example/2024/05/harbour-wall"));
}

#[test]
fn the_same_instant_in_local_time_gives_the_local_day() {
    let article = read(HARBOUR).article;
    assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-05-03T00:30:00+01:00"));
}

#[test]
fn a_page_laid_out_with_tables_and_line_breaks_reads_like_any_other() {
    let article = read(TABLES).article;
    assert_eq!(article.title, "Mill to close after a century");
    assert_eq!(article.authors, ["Agnes Brandt"]);
    assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2005-03-09"));
    assert_eq!(article.date_from, Some(DateFrom::Text));
    let lines: Vec<&str> = article.body.split("\n\n").collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[1].contains("\"We tried everything,\""));
    assert!(lines[2].contains("mill’s machines"));
}

#[test]
fn a_page_in_russian_with_microdata_is_read_by_the_same_rules() {
    let article = read(MOST).article;
    assert_eq!(article.title, "Новый мост через реку откроют осенью");
    assert_eq!(article.authors, ["Анна Лескова"]);
    assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2021-03-14T10:25:00"));
    assert_eq!(article.body.split("\n\n").count(), 3, "{}", article.body);
}

#[test]
fn a_page_that_only_points_elsewhere_is_no_article() {
    let skip = article(REDIRECT, &Context::default(), 7).expect_err("a redirect");
    assert_eq!((skip.reason, skip.record), (SkipReason::NotAnArticle, 7));
    assert!(skip.detail.contains("https://ledger.example/elsewhere"));
    let frames = article("<frameset><frame src=a></frameset>", &Context::default(), 1).expect_err("frames");
    assert_eq!(frames.reason, SkipReason::NotAnArticle);
    let links = article("<body><a href=a>One</a> <a href=b>Two</a></body>", &Context::default(), 1).expect_err("links");
    assert_eq!(links.reason, SkipReason::NoText);
}

#[test]
fn implied_end_tags_and_entities_are_read_as_browsers_do() {
    let text = body(&format!(
        "<p>{FIRST} Caf&eacute; &amp; pub&nbsp;open &#8212; so&shy;on.<p>{SECOND}<table><tr><td>Tea<td>2<tr><td>Soup<td>5</table><p>{FIRST} Again."
    ));
    assert!(text.contains("Café & pub open — soon."), "{text}");
    assert!(text.contains("Tea | 2\n\nSoup | 5"), "{text}");
}

#[test]
fn hidden_text_is_left_out_unless_there_is_no_other() {
    let hidden = format!("<p>{FIRST}</p><p>{SECOND}</p>");
    let shown = body(&format!(
        "{hidden}<div style=\"display: none\"><p>Hidden words that nobody was meant to read on this page.</p></div>"
    ));
    assert!(!shown.contains("Hidden words"));
    assert!(body(&format!("<div hidden>{hidden}{hidden}{FIRST}</div>")).contains(FIRST));
}

#[test]
fn the_text_of_json_ld_stands_in_for_a_page_that_shows_none() {
    let html = format!(
        "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"Ferry stays in port\",\"articleBody\":\"{FIRST}\\n{SECOND}\"}}</script><h1>Ferry stays in port</h1><p>Subscribe to read on.</p>"
    );
    assert_eq!(read(&html).article.body, format!("{FIRST}\n\n{SECOND}"));
}

#[test]
fn broken_json_ld_is_repaired_or_read_by_its_keys() {
    let repaired = page(
        "<script type=\"application/ld+json\">//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"Ferry stays\n in port\",\"datePublished\":\"2019-03-04\",\"author\":{\"name\":\"Jo Lind\"},}\n//]]></script>",
        "",
    );
    let article = read(&repaired).article;
    assert_eq!((article.authors, article.date_from), (vec!["Jo Lind".to_owned()], Some(DateFrom::JsonLd)));
    let beyond = page(
        "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\" \"datePublished\":\"2019-03-04\", oops</script>",
        "",
    );
    assert_eq!(date(&beyond).as_deref(), Some("2019-03-04"));
}

#[test]
fn dates_are_taken_in_the_order_of_trust() {
    let meta = "<meta name=\"pubdate\" content=\"2018-02-01\">";
    assert_eq!(date(&page(meta, "<time datetime=2018-05-05>5 May</time>")).as_deref(), Some("2018-02-01"));
    assert_eq!(date(&page("", "<time datetime=2018-05-05>5 May</time>")).as_deref(), Some("2018-05-05"));
    let url = "<link rel=canonical href=\"https://ledger.example/2017/11/30/ferry\">";
    assert_eq!(date(&page(url, "<p>1 May 2015</p>")).as_deref(), Some("2017-11-30"));
    assert_eq!(date(&page("", "<div class=date>1 May 2015</div>")).as_deref(), Some("2015-05-01"));
    assert_eq!(date(&page("", "<div>Updated 1 May 2015</div>")), None);
    assert_eq!(date(&page("", "")), None);
}

#[test]
fn an_impossible_date_is_refused_and_counted() {
    let draft = read(&page("<meta name=\"pubdate\" content=\"2999-01-01\">", ""));
    assert_eq!(draft.article.date, None);
    assert_eq!(draft.warnings.len(), 1);
}

#[test]
fn the_site_is_no_part_of_the_title() {
    let html = |head: &str| format!("{head}<p>{FIRST}</p><p>{SECOND}</p>");
    let title = |head: &str| read(&html(head)).article.title;
    assert_eq!(
        title("<meta property=og:site_name content=\"Coast Ledger\"><title>Ferry stays in port - Coast Ledger</title>"),
        "Ferry stays in port"
    );
    assert_eq!(title("<title>A - B</title>"), "A - B");
}

#[test]
fn bylines_are_found_and_told_from_labels() {
    let authors = |inner: &str| read(&page("", inner)).article.authors;
    assert_eq!(authors("<p>By Jane Doe and John Roe</p>"), ["Jane Doe", "John Roe"]);
    assert_eq!(authors("<span class=author>Jane Doe</span>"), ["Jane Doe"]);
    assert_eq!(authors("<div class=author>by <a href=/j>Jane Doe</a>, 3 May 2020, 10 comments</div>"), ["Jane Doe"]);
    assert!(authors("<form class=comment-form><label class=author>Name</label></form>").is_empty());
    assert!(read(&page("<meta name=author content=admin>", "")).article.authors.is_empty());
}

#[test]
fn captions_links_and_repetitions_are_taken_out() {
    let text = body(&format!(
        "<p>{FIRST}</p><p>The ferry at its berth on Friday. (AP Photo/Jane Doe)</p><p>Advertisement break</p><p>{SECOND}</p><p>Advertisement break</p>\
         <p><a href=a>Why the other ferry sank in the bay</a></p><p><a href=b>Island school loses its only teacher</a></p><p>Advertisement break</p><p>{FIRST} Once more.</p>"
    ));
    assert_eq!(text, format!("{FIRST}\n\n{SECOND}\n\n{FIRST} Once more."));
}

/// Reads a hostile page and checks that it takes no more than a debug build may.
fn survive(html: &str) -> Result<Draft, SkipReason> {
    let start = Instant::now();
    let read = article(html, &Context::default(), 1).map_err(|skip| skip.reason);
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    read
}

#[test]
fn deep_nesting_keeps_its_text() {
    for open in ["<div>", "<table><tr><td>", "<b><i><font>", "<ul><li>", "<blockquote>", "<span class=author>"] {
        let html = format!("<body>{}<p>{FIRST}</p><p>{SECOND}</p>", open.repeat(40_000));
        let text = survive(&html).expect("its text").article.body;
        assert!(text.contains(FIRST) && text.contains(SECOND), "{open}");
    }
}

#[test]
fn thousands_of_attributes_cost_nothing() {
    let attributes: String = (0..20_000).map(|number| format!(" a{number}=1 class=x{number}")).collect();
    let text = survive(&format!("<body><div{attributes}><p>{FIRST}</p><p>{SECOND}</p></div>")).expect("its text");
    assert!(text.article.body.contains(SECOND));
}

#[test]
fn a_paragraph_of_ten_megabytes_is_read_whole() {
    let text =
        survive(&format!("<body><p>{}</p>", format!("{FIRST} ").repeat(100_000))).expect("its text").article.body;
    assert!(text.len() > 10_000_000);
}

#[test]
fn unclosed_markup_ends_in_time() {
    for piece in [
        "<!--",
        "<![CDATA[",
        "<script>",
        "<title>",
        "<textarea><style>",
        "<a href=\"",
        "<",
        "</",
        "&",
        "&CounterClock",
        "<a href=x><div></a>",
        "<p><button>",
        "<select><option>",
    ] {
        let _ = survive(&format!("<body><p>{FIRST}</p>{}<p>{SECOND}</p>", piece.repeat(100_000)));
    }
}

#[test]
fn deep_json_ld_is_left_unread() {
    for open in ["[", "{\"@graph\":", "{\"@type\":\"NewsArticle\",\"author\":{\"name\":"] {
        let html = page(&format!("<script type=application/ld+json>{}</script>", open.repeat(50_000)), "");
        assert!(survive(&html).is_ok());
    }
}

#[test]
fn a_date_stated_beside_what_a_script_writes_is_read() {
    for inner in [
        "<relative-time datetime='2024-03-09T10:12:00Z'>2 days ago</relative-time>",
        "<span class=date data-datetime='2024-03-09'>2 days ago</span>",
        "<span class=timestamp data-timestamp='1709979120'>2 days ago</span>",
        "<abbr class=published title='2024-03-09T10:12:00+00:00'>last week</abbr>",
    ] {
        assert_eq!(date(&page("", inner)).map(|date| date[..10].to_owned()).as_deref(), Some("2024-03-09"), "{inner}");
    }
    let changed = "<ins datetime='2024-03-09'>a word</ins>";
    assert_eq!(date(&page("", changed)), None);
}

#[test]
fn a_meta_element_is_known_however_its_words_are_joined() {
    for name in [
        "article:published_time",
        "article-published-time",
        "articlePublishedTime",
        "dc:created",
        "weibo: article:create_at",
    ] {
        let head = format!("<meta name='{name}' content='2024-03-09'>");
        assert_eq!(date(&page(&head, "")).as_deref(), Some("2024-03-09"), "{name}");
    }
}

#[test]
fn the_page_round_an_article_dates_it_and_other_articles_do_not() {
    let linked = "<script type='application/ld+json'>{\"@type\":\"WebPage\",\"datePublished\":\"2024-03-09\",\
        \"mainEntity\":{\"@type\":\"NewsArticle\",\"headline\":\"Ferry stays in port\"}}</script>";
    assert_eq!(date(&page(linked, "")).as_deref(), Some("2024-03-09"));
    let others = "<aside><h3>Related</h3><ul><li><a href='/a'>Another story</a> <time datetime='2023-01-01'>Jan 1, 2023</time></li></ul></aside>";
    assert_eq!(date(&format!("{}{others}", page("", ""))), None);
}
