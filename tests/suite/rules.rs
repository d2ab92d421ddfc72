//! Every kind of page against the rules of others: accessibility (axe-core) and HTML (the Nu checker). Skipped with a line where they are
//! not at hand.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::browsing::{PHONE, WIDE, archive};
use crate::sandbox::{Sandbox, ran, repository};
use crate::server::Server;
use crate::webdriver::{Browser, Setup};

/// Every kind of page there is: of an archive, and of an empty one.
struct Shown {
    archive: (Sandbox, Server),
    empty: (Sandbox, Server),
}

impl Shown {
    fn new() -> Self {
        let served = |sandbox: Sandbox| {
            let server = Server::start(&sandbox, &[]);
            (sandbox, server)
        };
        let empty = Sandbox::new();
        let only = empty.write("news/only.txt", "A title\n\nSome text.\n");
        empty.stdout("index news");
        std::fs::remove_file(only).unwrap();
        empty.stdout("index --allow-removal");
        Self { archive: served(archive()), empty: served(empty) }
    }

    /// The server of each page and its path.
    fn pages(&self) -> Vec<(&Server, String)> {
        let (server, nothing) = (&self.archive.1, &self.empty.1);
        let article =
            server.get("/api/search?q=ceasefire&limit=1").json()["hits"][0]["id"].as_str().unwrap().to_owned();
        let paths = [
            "/",
            "/?q=ceasefire",
            "/?q=ceasefire&leader=Vladimir+Putin&country=UA",
            "/?q=talks&find-people=a&from=1987&to=1988",
            "/?q=talks&sort=newest&offset=10",
            "/?q=titel:x",
            "/?q=zzzz+yyyy",
            "/?persn=x",
            "/about",
            "/help",
            "/api",
            "/articles/right-to-left",
            "/articles/nobody",
            "/nowhere",
        ];
        let mut pages: Vec<(&Server, String)> = paths.map(|path| (server, path.to_owned())).into();
        pages.push((server, format!("/articles/{article}?q=ceasefire")));
        pages.extend(["/", "/about"].map(|path| (nothing, path.to_owned())));
        pages
    }

    fn addresses(&self) -> Vec<String> {
        self.pages().into_iter().map(|(server, path)| format!("http://{}{path}", server.address)).collect()
    }
}

/// Where the rules are: `DATELINE_AXE`, or where `.ci/run` puts them.
fn axe() -> Option<String> {
    let usual = repository().join("target/axe-core/package/axe.min.js");
    let path = std::env::var_os("DATELINE_AXE").map_or(usual, PathBuf::from);
    let rules = std::fs::read_to_string(&path).ok();
    if rules.is_none() {
        eprintln!("skipped: there is no {} (set DATELINE_AXE, or run .ci/run)", path.display());
    }
    rules
}

#[test]
fn no_page_breaks_a_rule_of_accessibility() {
    let Some(rules) = axe() else { return };
    let shown = Shown::new();
    let mut broken = Vec::new();
    for (width, dark) in [(WIDE, false), (WIDE, true), (PHONE, false)] {
        let Some(browser) = Browser::start(Setup { width, scripts: true, dark }) else { return };
        for page in shown.addresses() {
            browser.go(&page);
            browser.run("document.querySelectorAll('details').forEach((details) => details.open = true)");
            browser.run(&format!("{rules}; return 1"));
            let found = browser.run_until_told(
                "const told = arguments[arguments.length - 1]; axe.run(document).then((r) => told(r.violations.map((v) => \
                 v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | '))), \
                 (error) => told(String(error)))",
            );
            if found != Value::Array(Vec::new()) {
                broken.push(format!("{page}, {width} wide, dark: {dark}: {found}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// Where the Nu HTML checker is: `DATELINE_VNU`, or where `.ci/run` puts it.
fn checker() -> Option<PathBuf> {
    let usual = repository().join("target/vnu-jar/package/build/dist/vnu.jar");
    let path = std::env::var_os("DATELINE_VNU").map_or(usual, PathBuf::from);
    let is_here = path.is_file() && Command::new("java").arg("-version").output().is_ok();
    if !is_here {
        eprintln!("skipped: there is no Java or no {} (set DATELINE_VNU, or run .ci/run)", path.display());
    }
    is_here.then_some(path)
}

#[test]
fn every_page_is_html_as_the_standard_has_it() {
    let Some(checker) = checker() else { return };
    let shown = Shown::new();
    let kept = Sandbox::new();
    for (place, (server, path)) in shown.pages().into_iter().enumerate() {
        let name: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        kept.write(&format!("{place:02}{name}.html"), server.ask(&path, "Accept: text/html\r\n").body);
    }
    kept.write("style.css", shown.archive.1.get("/style.css").body);
    kept.write("icon.svg", shown.archive.1.get("/icon.svg").body);
    let said = Command::new("java")
        .arg("-jar")
        .arg(checker)
        .args(["--also-check-css", "--also-check-svg"])
        .arg(kept.path())
        .output();
    let said = ran(said.unwrap());
    assert!(said.code == 0 && said.stderr.is_empty(), "{}{}", said.stdout, said.stderr);
}
