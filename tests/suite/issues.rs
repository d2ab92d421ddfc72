//! Scanned issues: METS puts the articles together from pages that lie beside it, and a refresh sees every change in them.

use std::fs;

use serde_json::Value;

use crate::hostile::make;
use crate::sandbox::{Sandbox, TODAY};

/// A page whose blocks have ids `b1`, `b2` …
fn page(blocks: &[&str]) -> String {
    let blocks: String = blocks
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let words: String = text.split(' ').map(|word| format!("<String CONTENT=\"{word}\"/><SP/>")).collect();
            format!("<TextBlock ID=\"b{}\"><TextLine>{words}</TextLine></TextBlock>\n", number + 1)
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><alto><Layout><Page ID=\"P\"><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>"
    )
}

/// The first page: a masthead, a whole article, and one that goes on.
fn first() -> String {
    page(&[
        "OTLEY GAZETTE",
        "Ferry sinks",
        "The ferry to Marsh Island sank on Monday.",
        "Harvest ends",
        "The harvest of the",
    ])
}

/// The second page: the rest of the article, and an advertisement.
fn second() -> String {
    page(&["valley was poor. Bread is dear.", "Buy Lindqvist soap"])
}

/// An issue of two pages with two articles, the second of which goes on over the page.
fn mets(first: &str, second: &str) -> String {
    let area =
        |page: u32, block: u32| format!("<fptr><area FILEID=\"A{page}\" BETYPE=\"IDREF\" BEGIN=\"b{block}\"/></fptr>");
    let mods = |id: &str, inside: &str| {
        format!(
            "<dmdSec ID=\"{id}\"><mdWrap MDTYPE=\"MODS\"><xmlData><mods>{inside}</mods></xmlData></mdWrap></dmdSec>"
        )
    };
    let file = |number: u32, href: &str| {
        format!(
            "<file ID=\"A{number}\" MIMETYPE=\"text/xml\"><FLocat xlink:href=\"{href}\"/></file>\
             <file ID=\"I{number}\" MIMETYPE=\"image/jp2\"><FLocat xlink:href=\"{number}.jp2\"/></file>"
        )
    };
    format!(
        "<?xml version=\"1.0\"?><mets xmlns:xlink=\"x\">{}{}<fileSec><fileGrp>{}{}</fileGrp></fileSec>\
         <structMap TYPE=\"LOGICAL\"><div TYPE=\"ISSUE\" DMDID=\"issue\">\
         <div TYPE=\"ARTICLE\" DMDID=\"a1\"><div TYPE=\"HEADING\">{}</div><div TYPE=\"BODY\">{}</div></div>\
         <div TYPE=\"ARTICLE\"><div TYPE=\"HEADING\">{}</div><div TYPE=\"BODY\">{}{}</div></div>\
         <div TYPE=\"ADVERTISEMENT\">{}</div></div></structMap></mets>",
        mods(
            "issue",
            "<titleInfo><title>Otley Gazette</title></titleInfo><language><languageTerm type=\"code\">en</languageTerm></language>\
             <originInfo><dateIssued>1855-09-22</dateIssued></originInfo>",
        ),
        mods("a1", "<titleInfo><title>Ferry sinks</title></titleInfo>"),
        file(1, first),
        file(2, second),
        area(1, 2),
        area(1, 3),
        area(1, 4),
        area(1, 5),
        area(2, 1),
        area(2, 2),
    )
}

fn articles(sandbox: &Sandbox, path: &str) -> Vec<Value> {
    sandbox.lines(&format!("extract {path} --today {TODAY}"))
}

/// Path and record, title, and text of each article.
fn shown(articles: &[Value]) -> Vec<String> {
    let text = |article: &Value, key: &str| article[key].as_str().unwrap_or_default().replace("\n\n", "¶");
    let line = |article: &Value| {
        let origin = &article["origin"];
        let place = format!("{}#{}", origin["path"].as_str().unwrap(), origin["record"]);
        format!("{place} | {} | {}", text(article, "title"), text(article, "body"))
    };
    articles.iter().map(line).collect()
}

const FERRY: &str = "Ferry sinks | The ferry to Marsh Island sank on Monday.";
const HARVEST: &str = "Harvest ends | The harvest of the valley was poor. Bread is dear.";

#[test]
fn an_issue_is_read_by_article_over_its_pages() {
    let sandbox = Sandbox::new();
    sandbox.write("a/ALTO/0001.xml", first());
    sandbox.write("a/ALTO/0002.xml", second());
    sandbox.write("a/issue-METS.xml", mets("file://./ALTO/0001.xml", "file://./ALTO/0002.xml"));
    let articles = articles(&sandbox, "a");
    assert_eq!(shown(&articles), [format!("issue-METS.xml#1 | {FERRY}"), format!("issue-METS.xml#2 | {HARVEST}")]);
    for article in &articles {
        assert_eq!((article["date"].as_str(), article["date_from"].as_str()), (Some("1855-09-22"), Some("field")));
        assert_eq!((article["source"].as_str(), article["language"].as_str()), (Some("Otley Gazette"), Some("en")));
    }
    let summary = sandbox.index(&sandbox.path().join("a"));
    assert_eq!(
        (&summary["skipped"]["page of an issue"], &summary["skipped"]["not an article"]),
        (&2.into(), &1.into())
    );
    let example = &summary["examples"]["not an article"];
    assert_eq!(example["detail"], "2 blocks of text belong to no article: advertisements, mastheads");
    assert_eq!(summary["examples"]["page of an issue"]["detail"], "read with issue-METS.xml");
}

#[test]
fn an_issue_in_a_container_is_the_same_whichever_comes_first() {
    let sandbox = Sandbox::new();
    let files = [
        ("x/0001.xml", first()),
        ("x/0002.xml", second()),
        ("x/mets.xml", mets("0001.xml", "file:///Z:/scans/0002.xml")),
        ("y/0003.xml", page(&["A page of no issue."])),
    ];
    for (name, order) in [("pages", [0_usize, 1, 2, 3]), ("issue", [2, 3, 1, 0])] {
        let members: Vec<(&str, &[u8])> =
            order.iter().map(|number| (files[*number].0, files[*number].1.as_bytes())).collect();
        for (kind, bytes) in [("tar", make::tar(&members)), ("zip", make::zip(&members))] {
            sandbox.write(&format!("{kind}-{name}/i.{kind}"), bytes);
            let mut shown = shown(&articles(&sandbox, &format!("{kind}-{name}")));
            shown.sort();
            let expected = [
                format!("i.{kind}!/x/mets.xml#1 | {FERRY}"),
                format!("i.{kind}!/x/mets.xml#2 | {HARVEST}"),
                format!("i.{kind}!/y/0003.xml#1 |  | A page of no issue."),
            ];
            assert_eq!(shown, expected, "{kind} {name}");
        }
    }
}

#[test]
fn a_missing_page_is_named_and_the_others_are_read() {
    let sandbox = Sandbox::new();
    sandbox.write("a/1.xml", first());
    sandbox.write("a/mets.xml", mets("1.xml", "2.xml"));
    assert_eq!(
        shown(&articles(&sandbox, "a")),
        [format!("mets.xml#1 | {FERRY}"), "mets.xml#2 | Harvest ends | The harvest of the".to_owned()]
    );
    let summary = sandbox.index(&sandbox.path().join("a"));
    assert_eq!(summary["skipped"]["page missing"], 1);
    assert_eq!(summary["examples"]["page missing"]["detail"], "1 of 2 pages are not there: 2.xml");
}

#[test]
fn an_issue_without_articles_is_read_page_by_page() {
    let sandbox = Sandbox::new();
    sandbox.write("a/1.xml", first());
    sandbox.write("a/2.xml", second());
    let whole = mets("1.xml", "2.xml");
    let (start, end) = (whole.find("<div TYPE=\"ARTICLE\"").unwrap(), whole.find("</div></structMap>").unwrap());
    sandbox.write("a/mets.xml", format!("{}{}", &whole[..start], &whole[end..]));
    let articles = articles(&sandbox, "a");
    assert_eq!(shown(&articles)[1], "mets.xml#2 |  | valley was poor. Bread is dear.¶Buy Lindqvist soap");
    assert_eq!(
        (articles.len(), &articles[0]["source"], &articles[0]["date"]),
        (2, &"Otley Gazette".into(), &"1855-09-22".into())
    );
}

#[test]
fn an_issue_under_another_name_says_how_its_articles_are_had() {
    let sandbox = Sandbox::new();
    sandbox.write("a/1.xml", first());
    sandbox.write("a/2.xml", second());
    sandbox.write("a/issue.xml", mets("1.xml", "2.xml"));
    let summary = sandbox.index(&sandbox.path().join("a"));
    assert_eq!(summary["articles"], 2);
    assert_eq!(
        summary["examples"]["not an article"]["detail"],
        "an issue, whose pages are read alone unless its file has `mets` in its name"
    );
}

#[test]
fn a_refresh_sees_every_change_in_the_pages_of_an_issue() {
    let sandbox = Sandbox::new();
    sandbox.write("a/one/1.xml", first());
    sandbox.write("a/one/mets.xml", mets("1.xml", "2.xml"));
    sandbox.write("a/b.txt", "A ferry\n\nThe other ferry sailed on Tuesday.\n");
    sandbox.write(
        "a/c.txt",
        "A long one\n\nSo much else was said on the day that it fills a page of its own.\n".repeat(40),
    );
    let archive = sandbox.path().join("a");
    sandbox.index(&archive);
    let at = |path: &str| archive.join(path);
    let other = first().replace("Monday", "Friday");
    let changes: [(&str, &dyn Fn()); 7] = [
        ("a page arrives", &|| fs::write(at("one/2.xml"), second()).unwrap()),
        ("a page is other text of the same length", &|| fs::write(at("one/1.xml"), &other).unwrap()),
        ("a page only has another time", &|| fs::write(at("one/2.xml"), second()).unwrap()),
        ("a page goes", &|| fs::remove_file(at("one/2.xml")).unwrap()),
        ("the issue goes, and its page is one again", &|| fs::remove_file(at("one/mets.xml")).unwrap()),
        ("the issue comes back", &|| fs::write(at("one/mets.xml"), mets("1.xml", "2.xml")).unwrap()),
        ("the issue names another page", &|| {
            fs::write(at("one/3.xml"), second()).unwrap();
            fs::write(at("one/mets.xml"), mets("1.xml", "3.xml")).unwrap();
        }),
    ];
    for (number, (what, change)) in changes.iter().enumerate() {
        change();
        let refreshed = sandbox.index(&archive);
        let fresh: Value = serde_json::from_str(
            &sandbox.stdout(&format!("index {} --index fresh{number} --today {TODAY} --json", archive.display())),
        )
        .unwrap();
        for key in ["digest", "articles", "skipped", "examples"] {
            assert_eq!(refreshed[key], fresh[key], "{what}: {key}");
        }
        let again = sandbox.index(&archive);
        assert_eq!((&again["generation"], &again["bytes_read"]), (&refreshed["generation"], &0.into()), "{what}");
    }
}
