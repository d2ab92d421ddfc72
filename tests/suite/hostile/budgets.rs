//! One record of each format that was made to cost time or memory out of all proportion to its length: what grows with the
//! square of it would keep these tests for hours.

use super::make::{captured_as, gzip, page, tar, zip};
use super::{STORY, WORDS, case, hold};

/// About so many bytes of a form with rising numbers.
fn rising(bytes: usize, form: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    (0..).map_while(|number| (text.len() < bytes).then(|| text.push_str(&form(number)))).for_each(drop);
    text
}

const MUCH: usize = 1 << 19;

fn much(form: &str) -> String {
    form.repeat(MUCH / form.len())
}

#[test]
fn one_text_costs_what_its_length_allows() {
    let letter = |number: usize, from: u8| char::from(from + (number % 26) as u8);
    let names = rising(MUCH, |n| {
        format!(
            "Mr {}ar{} {}ol{} met. ",
            letter(n, b'A'),
            letter(n / 26, b'a'),
            letter(n / 676, b'A'),
            letter(n / 17_576, b'a')
        )
    });
    let titled = |text: &str| format!("A title\n\n{text}");
    let front = rising(MUCH, |number| format!("k{number}: v\n"));
    hold(vec![
        case("stray lines", "a.txt", much("cover\n"), "1 article"),
        case("tails", "a.txt", format!("{STORY}\n{}", much("Latest news\n\n")), "1 article"),
        case("bylines", "a.txt", titled(&much("By Ann Lee\n")), "1 article"),
        case("names", "a.txt", titled(&names), "1 article"),
        case("dates", "a.txt", titled(&much("9 May 2004 ")), "1 article"),
        case("digits", "a.txt", titled(&much("1")), "1 article"),
        case("datelines", "a.txt", titled(&much("PARIS, ")), "1 article"),
        case("marks", "a.txt", titled(&much("e\u{301}\u{302}")), "1 article"),
        case("two million lines", "a.txt", titled(&much("a\n").repeat(8)), "1 article, 1 text cut"),
        case("open brackets", "a.md", format!("# A title\n\n{}", much("[")), "1 article"),
        case("open links", "a.md", format!("# A title\n\n{}", much("[a](")), "1 article"),
        case("endless front matter", "a.md", format!("---\ntitle: A\n{front}---\n{WORDS}"), "1 article"),
        case("texts that begin", "a.txt", [b"\x01abc\r\n", &[2; MUCH][..], WORDS.as_bytes()].concat(), "1 article"),
    ]);
}

#[test]
fn one_row_or_object_costs_what_its_length_allows() {
    let object = |key: &str, value: &str| format!("{{\"title\":\"A\",\"text\":\"{WORDS}\",\"{key}\":{value}}}\n");
    let tags = rising(MUCH, |number| format!("\"t{number}\",")) + "\"z\"";
    let names = rising(MUCH, |number| format!("Ann Lee{number}; "));
    let columns = rising(MUCH / 2, |number| format!(",c{number}"));
    let far = rising(MUCH, |n| format!("<row r='{0}'><c r='AMJ{0}' t='inlineStr'><is><t>a</t></is></c></row>", n + 2));
    hold(vec![
        case("values", "a.jsonl", object("a", &format!("[{}1]", much("1,"))), "0 articles, 1 too large"),
        case("tags", "a.jsonl", object("tags", &format!("[{tags}]")), "1 article, 1 text cut"),
        case("authors", "a.jsonl", object("authors", &format!("\"{names}\"")), "1 article, 1 text cut"),
        case("a date of digits", "a.jsonl", object("date", &format!("\"{}\"", much("1"))), "1 article, 1 date refused"),
        case("open tags in a text", "a.jsonl", object("text", &format!("\"{}\"", much("<p><a b='"))), "1 article"),
        case("names on names", "a.json", much("{\"articles\":"), "0 articles, 1 truncated"),
        case("a row of commas", "a.csv", format!("title,text\nA,{WORDS}{}\n", much(",")), "1 article"),
        case("columns", "a.csv", format!("title,text{columns}\nA,{WORDS}\n"), "1 article"),
        case("one field", "a.csv", format!("title,text\nA,\"{}\"\n", much("a \n")), "1 article"),
        case("quotes", "a.csv", format!("title,text\nA,{}\n", much("\"")), "1 article"),
        case("cells far to the right", "a.xlsx", workbook(&far), "0 articles, 1 too large")
            .with(&["--max-record-size", "4M"]),
    ]);
}

#[test]
fn one_message_costs_what_its_length_allows() {
    let letter = |header: &str, body: &str| {
        format!(
            "From: Ann Lee <a@example.org>\nSubject: A title\nDate: Fri, 3 May 2024 10:00:00 +0000\n{header}\n{body}\n"
        )
    };
    let parameters = rising(MUCH, |number| format!("; a*{number}=b"));
    let parts = much("--b\nContent-Type: text/plain\n\na\n");
    let nested = rising(MUCH, |n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1));
    let packed = page(
        "A page",
        &format!("<article><p>{WORDS}</p><p>Later: {WORDS}</p></article>{}", much("<!-- -->").repeat(8)),
    );
    let crawled = |header: &str, body: &[u8]| captured_as("A page", header, body);
    hold(vec![
        case(
            "messages in messages",
            "a.eml",
            letter("", WORDS).replace("\n\n", "\n") + &much("Content-Type: message/rfc822\n\n"),
            "1 article",
        ),
        case("parameters", "a.eml", letter(&format!("Content-Type: text/plain{parameters}\n"), WORDS), "1 article"),
        case("words of a header", "a.eml", letter(&format!("X: {}\n", much("=?utf-8?q?a")), WORDS), "1 article"),
        case("senders", "a.eml", letter("", WORDS).replace("Ann Lee", &much("(")), "1 article"),
        case("parts", "a.eml", letter("Content-Type: multipart/mixed; boundary=b\n", &parts), "1 article"),
        case(
            "parts within parts",
            "a.eml",
            letter("Content-Type: multipart/mixed; boundary=b0\n", &nested),
            "1 article",
        ),
        case(
            "a page of a chunk a byte",
            "a.warc",
            crawled("Transfer-Encoding: chunked\r\n", much("1\r\na\r\n").as_bytes()),
            "1 article",
        ),
        case("a packed page", "a.warc", crawled("Content-Encoding: gzip\r\n", &gzip(packed.as_bytes())), "1 article"),
        case("lines of a header", "a.warc", crawled(&much("a: b\r\n"), page("A page", WORDS).as_bytes()), "1 article"),
    ]);
}

#[test]
fn one_document_of_a_database_costs_what_its_length_allows() {
    let nexis = |more: &str| {
        format!(
            "{0}1 of 1 DOCUMENTS\n\n{0}The Post\n\n{0}January 11, 2010 Monday\n\nA title\n\nLENGTH: 3 words\n\n{WORDS}\n\n{more}",
            " ".repeat(30)
        )
    };
    let html = |more: &str| {
        format!(
            "<html><body><A NAME=\"DOC_ID_0_0\"></A><!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> --><p>1 of 1 DOCUMENTS</p>\
             <p>The Post</p><p>January 11, 2010 Monday</p><p>A title</p><p>LENGTH: 3 words</p><p>{WORDS}</p>{more}"
        )
    };
    let coded = |rows: &str| {
        format!(
            "<html><body><table><tr><td><b>HD</b></td><td>A</td></tr><tr><td><b>SN</b></td><td>P</td></tr><tr><td><b>TD</b></td><td>{WORDS}</td></tr>{rows}</table>"
        )
    };
    let subjects = rising(MUCH, |number| format!("c{number} : Name {number} | "));
    let outer = format!("<div class='{}'>", "a ".repeat(MUCH / 4));
    hold(vec![
        case(
            "subjects",
            "a.txt",
            nexis(&format!("SUBJECT: {}\n", subjects.replace('|', ";"))),
            "1 article, 1 text cut",
        ),
        case("headings", "a.txt", nexis(&much("                  1 of 1 DOCUMENTS\n\n")), "1 article, 14563 no text"),
        case("open scripts", "a.html", html(&much("<script>")), "1 article"),
        case("classes", "a.html", html(&(outer + &much("<p>a"))), "1 article"),
        case("headlines", "a.html", coded(&much("<tr><td><b>HD</b></td><td>A</td></tr>")), "1 article"),
        case(
            "codes",
            "a.html",
            coded(&format!("<tr><td><b>NS</b></td><td>{subjects}</td></tr>")),
            "1 article, 1 text cut",
        ),
    ]);
}

#[test]
fn one_element_costs_what_its_length_allows() {
    let nitf = |head: &str, body: &str| {
        format!(
            "<?xml version='1.0'?><nitf><head><title>A</title>{head}</head><body><body.head><hedline><hl1>A</hl1></hedline></body.head>\
             <body.content><p>{WORDS}</p>{body}</body.content></body></nitf>"
        )
    };
    let keys = rising(MUCH, |number| format!("<keyword key='k{number}'/>"));
    let item = |inside: &str| {
        format!(
            "<rss version='2.0'><channel><title>P</title><item><title>A</title><description>{WORDS}</description>{inside}</item></channel></rss>"
        )
    };
    let topics = rising(MUCH, |number| format!("<D>t{number}</D>"));
    let wire = format!(
        "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS NEWID=\"1\"><TOPICS>{topics}</TOPICS><TEXT><TITLE>A</TITLE><BODY>{WORDS}</BODY></TEXT></REUTERS>"
    );
    let page = |inside: &str| {
        format!(
            "<alto><Layout><Page><PrintSpace>{inside}<TextBlock><String CONTENT='Rain'/></TextBlock></PrintSpace></Page></Layout></alto>"
        )
    };
    hold(vec![
        case(
            "keywords",
            "a.xml",
            nitf(&format!("<docdata><key-list>{keys}</key-list></docdata>"), ""),
            "1 article, 1 text cut",
        ),
        case("attributes", "a.xml", nitf("", &much("<em a='' b='' c='' d='' e='' f=''/>")), "1 article"),
        case("ends of nothing", "a.xml", nitf("", &("<em>".repeat(300) + &much("</x>"))), "1 article"),
        case(
            "categories",
            "a.rss",
            item(&rising(MUCH, |number| format!("<category>c{number}</category>"))),
            "1 article, 1 text cut",
        ),
        case(
            "scripts in an item",
            "a.rss",
            item(&format!("<content:encoded><![CDATA[{}]]></content:encoded>", much("<script>"))),
            "1 article",
        ),
        case("topics", "a.sgm", wire, "1 article, 1 text cut"),
        case(
            "texts that never end",
            "a.trec",
            format!("<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>{WORDS}\n{}</DOC>\n", much("<TEXT>a\n")),
            "1 article",
        ),
        case("ends on a page", "a.xml", page(&("<a>".repeat(300) + &much("</x>"))), "1 article"),
        case(
            "lines of a page",
            "a.xml",
            page(&rising(MUCH, |number| format!("<TextLine ID='l{number}'/>"))),
            "1 article",
        ),
    ]);
}

#[test]
fn an_issue_that_names_its_page_again_and_again_is_cut() {
    let words = rising(MUCH / 8, |number| format!("<String CONTENT='rain{number}'/>"));
    let page = format!(
        "<alto><Layout><Page ID='P1'><PrintSpace><TextBlock>{words}</TextBlock></PrintSpace></Page></Layout></alto>"
    );
    let areas = much("<fptr><area FILEID='f' BEGIN='P1'/></fptr>");
    let issue = format!(
        "<mets><fileSec><fileGrp><file ID='f'><FLocat href='1.xml'/></file></fileGrp></fileSec><structMap TYPE='LOGICAL'>\
         <div TYPE='ISSUE'><div TYPE='ARTICLE'>{areas}</div></div></structMap></mets>"
    );
    let bytes = tar(&[("1.xml", page.as_bytes()), ("mets.xml", issue.as_bytes())]);
    hold(vec![case("areas over each other", "a.tar", bytes, "1 article, 1 text cut")]);
}

/// A workbook with one sheet of these rows under a header.
fn workbook(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' \
             Type='{office}/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let header = "<row r='1'><c r='A1' t='inlineStr'><is><t>title</t></is></c><c r='B1' t='inlineStr'><is><t>text</t></is></c></row>";
    let sheet = format!("<worksheet xmlns='{main}'><sheetData>{header}{rows}</sheetData></worksheet>");
    let book = format!(
        "<workbook xmlns='{main}' xmlns:r='{office}'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>"
    );
    zip(&[
        ("[Content_Types].xml", b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}
