//! The server as browsers and programs ask it: over a socket, answer by answer.

use serde_json::Value;

use crate::sandbox::{Sandbox, repository};
use crate::server::{Server, encoded};

fn without_time(mut answer: Value) -> Value {
    answer["took_ms"] = Value::Null;
    answer
}

#[test]
fn the_api_answers_as_the_command_line_does() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    let table = std::fs::read_to_string(repository().join("tests/fixtures/relevance/matches.tsv")).unwrap();
    let queries: Vec<&str> = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .filter_map(|line| line.split('\t').next())
        .filter(|query| !query.starts_with("--"))
        .step_by(3)
        .take(50)
        .collect();
    assert_eq!(queries.len(), 50);
    for query in queries {
        let asked = [
            "search",
            "--today",
            "2026-01-01",
            "--format",
            "json",
            "--facet",
            "leaders",
            "--facet",
            "year",
            "--",
            query,
        ];
        let printed = sandbox.run(asked);
        let answer = server.get(&format!("/api/search?q={}&facet=leaders&facet=year", encoded(query)));
        if printed.code == 2 {
            assert_eq!(answer.status, 400, "{query}");
            continue;
        }
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        let printed: Value = serde_json::from_str(&printed.stdout).unwrap();
        assert_eq!(without_time(answer.json()), without_time(printed), "{query}");
    }
    let timeline = sandbox.json("timeline talks --by month --format json --today 2026-01-01");
    assert_eq!(without_time(server.get("/api/timeline?q=talks&by=month").json()), without_time(timeline));
    let id = server.get("/api/search?q=talks&limit=1").json()["hits"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("/api/articles/{id}")).json(), sandbox.json(&format!("show {id} --format json")));
    let related = sandbox.json(&format!("related {id} --format json"));
    assert_eq!(without_time(server.get(&format!("/api/related/{id}")).json()), without_time(related));
    assert_eq!(server.get("/api/status").json(), sandbox.json("stats --json"));
    let exported = server.ask("/api/export?q=talks", "");
    assert_eq!(exported.body.matches("\"id\":").count(), sandbox.lines("export talks").len());
}

#[test]
fn what_cannot_be_answered_is_a_problem_that_says_why() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    for (path, status, detail) in [
        ("/api/search?q=%28a", 400, "("),
        ("/api/search?q=titel:x", 400, "did you mean `title`"),
        ("/api/search?persn=x", 400, "did you mean `person`"),
        ("/api/search?limit=5000", 400, "up to 1000"),
        ("/api/facets?q=a", 400, "name what to count"),
        ("/api/timeline?by=decade", 400, "not `decade`"),
        ("/api/articles/nobody", 404, "no article has the id `nobody`"),
        ("/api/articles/..%2F..%2Fetc%2Fpasswd", 404, "no article"),
        ("/api/related/nobody", 404, "no article"),
        ("/etc/passwd", 404, "nothing at this address"),
        ("/../../etc/passwd", 404, "nothing at this address"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{path}");
        let said = format!("{} {}", problem["detail"], problem["suggestion"]);
        assert!(said.contains(detail) || detail == "(", "{path}: {said}");
    }
    assert_eq!(server.get("/api/search?q=%28a").json()["span"][0], 0);
    let posted =
        server.send(&format!("POST /api/search HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address));
    assert_eq!(posted.status, 405);
}

#[test]
fn every_answer_is_guarded() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    for path in ["/", "/?q=%28", "/about", "/api/search", "/style.css", "/nowhere"] {
        let answer = server.get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("set-cookie").is_none() && answer.header("access-control-allow-origin").is_none());
    }
    let foreign = server.send("GET /api/search HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(foreign.status, 421);
    let refused = sandbox.error("serve --bind 0.0.0.0:0", 2);
    assert!(refused.contains("give --token"), "{refused}");
    let guarded = Server::start(&sandbox, &["--token", "secret"]);
    assert_eq!(guarded.get("/api/status").status, 401);
    assert_eq!(guarded.ask("/api/status", "Authorization: Bearer wrong\r\n").status, 401);
    assert_eq!(guarded.ask("/api/status", "Authorization: Bearer secret\r\n").status, 200);
}

#[test]
fn an_answer_is_kept_until_the_archive_changes_and_then_follows_it() {
    let sandbox = Sandbox::new();
    sandbox.write("news/one.txt", "A truce was signed\n\nThe truce holds in the valley, observers said on Monday.\n");
    sandbox.stdout("index news");
    let server = Server::start(&sandbox, &[]);
    let first = server.get("/api/search?q=truce");
    let etag = first.header("etag").unwrap().replace("w/", "W/");
    assert_eq!(first.json()["total"], 1);
    let again = server.ask("/api/search?q=truce", &format!("If-None-Match: {etag}\r\n"));
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(server.ask("/api/search?q=truces", &format!("If-None-Match: {etag}\r\n")).status, 200);
    sandbox
        .write("news/two.txt", "Second truce\n\nAnother truce was signed in the hills, observers said on Tuesday.\n");
    sandbox.stdout("index news");
    // the server looks for a new generation twice a second
    let followed = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        let answer = server.ask("/api/search?q=truce", &format!("If-None-Match: {etag}\r\n"));
        answer.status == 200 && answer.json()["total"] == 2
    });
    assert!(followed);
}

#[test]
fn pages_are_complete_without_a_script() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    let page = server.get("/?q=ceasefire");
    assert_eq!(page.status, 200);
    for part in [
        "<mark>",
        "name=\"person\"",
        "name=\"country\"",
        "<svg",
        "As a table",
        "class=\"chip",
        "rel=\"next\"",
        "href=\"/articles/",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
    let address = page.body.split("href=\"/articles/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let article = server.get(&format!("/articles/{address}"));
    assert_eq!(article.status, 200);
    for part in ["<mark>", "Related", "/cite/ris", "Facts", "record "] {
        assert!(article.body.contains(part), "{part}");
    }
    let id = address.split('?').next().unwrap();
    assert!(server.get(&format!("/articles/{id}/cite/bibtex")).body.starts_with('@'));
    let nothing = server.get("/?q=zzzz+yyyy");
    assert!(nothing.body.contains("Nothing found") && nothing.body.contains("match=any"));
    let wrong = server.get("/?q=titel:x");
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("mark class=\"wrong\"") && wrong.body.contains("Did you mean"), "{}", wrong.body);
    for path in ["/about", "/help", "/api", "/feed.atom?q=ceasefire", "/feed.json?q=ceasefire"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    let feed = server.get("/feed.json?q=ceasefire").json();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
}

#[test]
fn a_kept_generation_is_served_for_good_if_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("news/a.txt", "A first title\n\nSome text.\n");
    sandbox.stdout("index news");
    sandbox.write("news/b.txt", "A second title\n\nSome more text.\n");
    sandbox.stdout("index news");
    let (kept, latest) = (Server::start(&sandbox, &["--as-of", "1"]), Server::start(&sandbox, &[]));
    assert_eq!(kept.get("/api/search?q=text").json()["total"], 1);
    assert_eq!(latest.get("/api/search?q=text").json()["total"], 2);
    // also when it is time to look for a newer one
    std::thread::sleep(std::time::Duration::from_millis(600));
    assert_eq!(kept.get("/api/search?q=title").json()["total"], 1);
    let run = sandbox.command().args(["serve", "--bind", "127.0.0.1:0", "--as-of", "9"]).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
}
