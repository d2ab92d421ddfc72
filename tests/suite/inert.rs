//! Archives written to harm whoever reads them: every page is taken apart tag by tag, and only what the program itself puts into
//! a page may be alive in it.

use std::fmt::Write as _;

use crate::payloads::PAYLOADS;
use crate::sandbox::Sandbox;
use crate::server::{Server, encoded};

/// A sandbox whose archive holds every payload in every fact an article may bring along, and in names of files.
pub fn hostile_archive() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut lines = String::new();
    for (number, payload) in PAYLOADS.iter().enumerate() {
        let record = serde_json::json!({
            "id": format!("{number}{payload}"), "title": payload, "body": format!("Hostile words {payload} in a body.\n\n{payload}"),
            "source": payload, "url": payload, "section": payload, "people": [payload], "mentioned": [payload],
            "authors": [payload], "tags": [payload], "wire": payload, "language": payload,
        });
        writeln!(lines, "{record}").unwrap();
        let name: String = payload.chars().filter(|c| !matches!(c, '/' | '\0')).take(60).collect();
        let named = format!("{payload}\n\nHostile names of files bring number {number} along.\n\n{payload}\n");
        sandbox.write(&format!("news/n{number}{name}.txt"), named);
    }
    sandbox.write("news/evil.jsonl", lines);
    sandbox.write("news/<img src=x onerror=alert(1)>.bin", [0_u8, 1, 2, 255]);
    sandbox.stdout("index news");
    sandbox
}

/// The paths of all pages of a hostile archive: searches, filters, articles, what is said of what was left out.
pub fn hostile_pages(sandbox: &Sandbox) -> Vec<String> {
    let mut pages: Vec<String> =
        ["/?q=hostile", "/", "/about", "/help", "/api", "/?q=hostile&sort=oldest&offset=20"].map(str::to_owned).into();
    for article in sandbox.lines("export hostile") {
        pages.push(format!("/articles/{}?q=hostile", encoded(article["id"].as_str().unwrap())));
    }
    for payload in PAYLOADS {
        let given = encoded(payload);
        pages.push(format!("/?q={given}"));
        pages.push(format!("/?q=hostile&person={given}&source={given}&find-people={given}&match=any"));
        pages.push(format!("/?{given}={given}"));
        pages.push(format!("/?{given}=1&q={given}"));
    }
    pages
}

/// Elements a page may be made of.
const ELEMENTS: &str = "html head meta title link script body a header form label input button nav main div section article aside h1 h2 \
                        p span bdi mark code time ol ul li dl dt dd table caption thead tbody tr th td details summary fieldset \
                        legend figure figcaption svg rect br kbd q";

/// What is alive in a page that the program did not put there.
fn alive(page: &str) -> Option<String> {
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        let tag = &rest[open + 1..];
        rest = tag;
        if tag.starts_with("!DOCTYPE html>") {
            continue;
        }
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if !ELEMENTS.split_whitespace().any(|known| known == name) {
            return Some(format!("<{name}> in {}", &tag[..tag.floor_char_boundary(80)]));
        }
        let mut inside = &tag[tag.len() - tag.trim_start_matches('/').len() + name.len()..];
        loop {
            inside = inside.trim_start();
            if inside.starts_with('>') || inside.is_empty() {
                break;
            }
            let end = inside.find(['=', ' ', '>']).unwrap_or(inside.len());
            let attribute = &inside[..end];
            inside = &inside[end..];
            let mut value = "";
            if let Some(quoted) = inside.strip_prefix("=\"") {
                let end = quoted.find('"').unwrap_or(quoted.len());
                (value, inside) = (&quoted[..end], &quoted[end + 1..]);
            }
            let is_ours = match attribute {
                "href" => {
                    ["/", "#", "http://", "https://"].iter().any(|start| value.starts_with(start))
                        && !value.starts_with("//")
                }
                "src" => value == "/script.js",
                "action" => value == "/",
                "style" | "srcdoc" | "formaction" | "ping" | "xmlns" => false,
                name => !name.starts_with("on") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            };
            if !is_ours || value.contains('<') {
                return Some(format!("{attribute}=\"{value}\" of <{name}>"));
            }
        }
        rest = inside;
    }
    let hidden =
        |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') || c.is_control() && *c != '\n';
    // what a field sends back must be exact; only its shown text is cleaned
    let fields = page.split("<input ").map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
    fields.flat_map(str::chars).find(hidden).map(|c| format!("the character {c:?}"))
}

#[test]
fn the_check_sees_what_is_alive() {
    for (page, is_alive) in [
        ("<p>fine &lt;script&gt;</p>", false),
        ("<a href=\"/?q=a\" rel=\"next\">x</a><input checked>", false),
        ("<p><iframe srcdoc=x>", true),
        ("<p><img src=x>", true),
        ("<a href=\"javascript:alert(1)\">", true),
        ("<a href=\"//evil.example\">", true),
        ("<p onclick=\"x\">", true),
        ("<p>\u{202e}", true),
        ("<script src=\"/other.js\">", true),
    ] {
        assert_eq!(alive(page).is_some(), is_alive, "{page}");
    }
}

#[test]
fn hostile_text_stays_text_on_every_page() {
    assert!(PAYLOADS.len() >= 60);
    let sandbox = hostile_archive();
    let server = Server::start(&sandbox, &[]);
    let pages = hostile_pages(&sandbox);
    assert!(pages.len() > 5 * PAYLOADS.len());
    for path in pages {
        let page = server.ask(&path, "Accept: text/html\r\n");
        assert!([200, 400, 404].contains(&page.status), "{path}: {}", page.status);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(alive(&page.body), None, "{path}");
        assert_eq!(page.body.matches("<script").count(), 1, "{path}");
    }
    for path in ["/feed.atom?q=hostile", "/feed.json?q=hostile", "/api/search?q=hostile&limit=200"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200);
        assert!(!answer.header("content-type").unwrap().contains("html"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}
