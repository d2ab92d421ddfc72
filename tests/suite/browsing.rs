//! The pages in a real browser: a person's way through the archive with and without scripts, on a phone and on a wide screen; hostile
//! text; the pictures of README.md. Skipped with a line where there is no browser.

use serde_json::Value;

use crate::inert::{hostile_archive, hostile_pages};
use crate::sandbox::{Sandbox, repository};
use crate::server::Server;
use crate::webdriver::{Browser, Setup};

/// Width of a phone, in pixels.
pub const PHONE: u32 = 360;
/// Width of a desk's screen, in pixels.
pub const WIDE: u32 = 1440;

/// The sample archive with an article written from right to left.
pub fn archive() -> Sandbox {
    let sandbox = Sandbox::with_sample();
    let article = serde_json::json!({
        "id": "right-to-left", "title": "وزير الخارجية يبحث وقف إطلاق النار في القاهرة", "language": "ar", "date": "2024-05-02",
        "body": "القاهرة - بحث وزير الخارجية المصري سبل وقف إطلاق النار مع نظيره الفرنسي.\n\nوقال إن UNHCR تشارك في المحادثات.",
    });
    sandbox.write("more/arabic.jsonl", format!("{article}\n"));
    sandbox.index(&sandbox.path().join("more"));
    sandbox
}

fn on_the_way(setup: Setup) {
    let sandbox = archive();
    let server = Server::start(&sandbox, &[]);
    let Some(browser) = Browser::start(setup) else { return };
    let found = |number: usize| move |browser: &Browser| browser.text("h1").starts_with(&format!("{number} article"));
    let open_panel = || {
        if browser.count("details.facets[open]") == 0 {
            browser.click(&browser.find("details.facets > summary"));
        }
    };
    let tick = |name: &str, value: &str| {
        open_panel();
        browser.click(&browser.find(&format!("input[name={name}][value='{value}']")));
        if !setup.scripts {
            browser.click(&browser.find("button.apply"));
        }
    };
    let address = format!("http://{}", server.address);
    browser.go(&format!("{address}/"));
    assert_eq!(browser.text("h1"), "130 articles in the archive");
    // type and search
    let q = browser.find("#q");
    browser.write(&q, "ceasefire OR summit OR talks\u{e007}");
    browser.wait("a search", |browser| browser.address().contains("q=ceasefire"));
    let total: usize = browser.text("h1").split(' ').next().unwrap().parse().unwrap();
    assert!(total > 20, "{total}");
    assert_eq!(browser.count("ol.hits > li"), 10);
    // page on, and back
    browser.click(&browser.find("a[rel=next]"));
    browser.wait("page two", |browser| browser.address().contains("offset=10"));
    assert_eq!(browser.count("ol.hits[start='11'] > li"), 10);
    browser.back();
    browser.wait("page one", |browser| browser.count("ol.hits[start='1']") == 1);
    // narrow by a leader and by a country
    tick("leader", "Vladimir Putin");
    browser.wait("a leader", |browser| browser.address().contains("leader=Vladimir"));
    tick("country", "UA");
    browser.wait("a country", |browser| browser.address().contains("country=UA"));
    let narrowed: usize = browser.text("h1").split(' ').next().unwrap().parse().unwrap();
    assert!(narrowed > 0 && narrowed < total, "{narrowed}");
    assert_eq!(browser.count("ul.active li"), 3);
    // take the leader off again, then leave a country out
    browser.click(&browser.find("ul.active a[href*='country=UA']"));
    browser.wait("without the leader", |browser| !browser.address().contains("leader="));
    browser.click(&browser.find("ul.active a"));
    browser.wait("without filters", |browser| browser.count("ul.active") == 0);
    assert!(found(total)(&browser));
    open_panel();
    browser.click(&browser.find("fieldset[data-facet=countries] a.exclude"));
    browser.wait("a country left out", |browser| browser.address().contains("-country%3A"));
    let left: usize = browser.text("h1").split(' ').next().unwrap().parse().unwrap();
    assert!(left < total && browser.property("#q", "value").contains("-country:"), "{left}");
    // click the timeline
    let years = browser.count("figure.timeline svg a");
    assert!(years > 3);
    browser.click(&browser.find("figure.timeline svg a rect.reach"));
    browser.wait("one year", |browser| browser.address().contains("from="));
    assert!(browser.text("ul.active").len() > 3);
    // open an article and go back
    let title = browser.text("ol.hits h2");
    browser.click(&browser.find("ol.hits h2 a"));
    browser.wait("an article", |browser| browser.address().contains("/articles/"));
    assert_eq!(browser.text("article h1"), title);
    assert!(browser.count("article mark") > 0);
    // cite: the file comes down, the page stays
    let cite = browser.find("a[href$='/cite/ris']");
    browser.click(&cite);
    assert!(browser.text(".citation").contains(title.trim_matches('…')));
    browser.back();
    browser.wait("the results", |browser| browser.count("ol.hits") == 1);
    // nothing is wider than the window
    for path in ["/", "/?q=talks", "/?q=titel:x", "/?q=zzzz", "/about", "/help", "/api", "/articles/right-to-left"] {
        browser.go(&format!("{address}{path}"));
        if setup.scripts {
            let over =
                browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(over, 0, "{path} at {}", setup.width);
        }
    }
    if setup.scripts {
        let direction = browser.run("return getComputedStyle(document.querySelector('article h1')).direction");
        assert_eq!(direction, "rtl");
        by_keys(&browser, &address);
    }
}

/// Through the archive without a mouse.
fn by_keys(browser: &Browser, address: &str) {
    browser.go(&format!("{address}/"));
    browser.press("\u{e004}");
    assert_eq!(browser.run("return document.activeElement.className"), "skip");
    browser.press("/talks\u{e007}");
    browser.wait("a search by keys", |browser| browser.address().contains("q=talks"));
    browser.press("\u{e004}\u{e007}");
    let mut reached = String::new();
    for _ in 0..40 {
        browser.press("\u{e004}");
        let focus = browser.run("return document.activeElement.closest('ol.hits h2')?.textContent ?? ''");
        reached = focus.as_str().unwrap().into();
        if !reached.is_empty() {
            break;
        }
    }
    assert_eq!(reached, browser.text("ol.hits h2"));
    browser.press("\u{e007}");
    browser.wait("an article by keys", |browser| browser.address().contains("/articles/"));
}

#[test]
fn a_person_finds_narrows_reads_and_cites_with_scripts() {
    on_the_way(Setup { width: WIDE, scripts: true, dark: false });
    on_the_way(Setup { width: PHONE, scripts: true, dark: false });
}

#[test]
fn a_person_finds_narrows_reads_and_cites_without_scripts() {
    on_the_way(Setup { width: WIDE, scripts: false, dark: false });
    on_the_way(Setup { width: PHONE, scripts: false, dark: false });
}

#[test]
fn hostile_text_is_inert_in_a_browser() {
    let sandbox = hostile_archive();
    let server = Server::start(&sandbox, &[]);
    let Some(browser) = Browser::start(Setup { width: WIDE, scripts: true, dark: false }) else { return };
    // the articles; what addresses bring along is taken apart without a browser
    for path in
        hostile_pages(&sandbox).into_iter().filter(|path| !path.contains("&person=") && !path.starts_with("/?%"))
    {
        browser.go(&format!("http://{}{path}", server.address));
        assert_eq!(browser.dialogue(), None, "{path}");
        let alive = browser.run(
            "const bad = [...document.querySelectorAll('script:not([src=\"/script.js\"]), iframe, object, embed, img, video, audio, base, style, \
             math, form:not([action=\"/\"]), meta[http-equiv], [srcdoc], [formaction], [style]')].map((e) => e.outerHTML); \
             for (const e of document.querySelectorAll('*')) for (const a of e.attributes) { \
               if (a.name.startsWith('on')) bad.push(a.name); \
               if (a.name.endsWith('href') && !['http:', 'https:'].includes(new URL(a.value, location).protocol)) bad.push(a.value); } \
             return bad.concat(performance.getEntriesByType('resource').map((r) => r.name).filter((n) => !n.startsWith(location.origin)))",
        );
        assert_eq!(alive, Value::Array(Vec::new()), "{path}");
    }
}

/// The pictures of README.md; `BLESS=1` makes them anew.
#[test]
fn pictures_are_of_pages_as_they_are() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    let article =
        server.get("/api/search?q=Gaza+ceasefire&limit=1").json()["hits"][0]["id"].as_str().unwrap().to_owned();
    for (name, path, width, dark) in [
        ("search.png", "/?q=ceasefire".to_owned(), 1100, false),
        ("article.png", format!("/articles/{article}?q=ceasefire"), 1100, true),
        ("phone.png", "/?q=ceasefire&country=UA".to_owned(), PHONE, false),
    ] {
        let Some(browser) = Browser::start(Setup { width, scripts: true, dark }) else { return };
        browser.resize(width, 720);
        browser.go(&format!("http://{}{path}", server.address));
        let picture = repository().join("tests/pictures").join(name);
        if std::env::var_os("BLESS").is_some() {
            browser.picture(&picture);
        }
        let size = std::fs::metadata(&picture).map(|file| file.len()).unwrap_or_default();
        assert!((1..200_000).contains(&size), "{name}: {size} bytes; run with BLESS=1");
    }
}
