//! Every address of the API's own description, asked as described and as nobody would: no answer is a failure of the server, and
//! none is one the description does not know.

use std::fmt::Write as _;

use serde_json::Value;

use crate::payloads::PAYLOADS;
use crate::sandbox::Sandbox;
use crate::server::{Answer, Server, encoded};

/// Values for any parameter.
const ODD: [&str; 34] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "1001",
    "99999999999999999999",
    "NaN",
    "true",
    "null",
    "a b",
    "(",
    "\"",
    "a OR",
    "NOT",
    "*",
    "a*",
    "?",
    "~",
    "^",
    "date:2024..2020",
    "date:0001",
    "title:(",
    "person:",
    "a NEAR/99999999 b",
    "atleast:0(a)",
    "\\",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "ß😀e\u{301}",
    "../../../../etc/passwd",
    "%",
    "none",
];

/// Numbers in a fixed order that looks like none.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.roll(among.len())]
    }
}

/// What an answer has that the description of its address does not.
fn undocumented(description: &Value, path: &str, answer: &Answer) -> Option<String> {
    let known = &description["paths"][path]["get"]["responses"][answer.status.to_string()];
    let Some(known) = known.as_object() else { return Some(format!("status {}", answer.status)) };
    let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    let Some(content) = known.get("content").and_then(|content| content.get(kind)) else {
        return Some(format!("content type {kind} with status {}", answer.status));
    };
    let mut schema = content["schema"].clone();
    schema["components"] = description["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut values: Box<dyn Iterator<Item = Value>> = if kind == "application/atom+xml" {
        Box::new(std::iter::once(Value::from(answer.body.as_str())))
    } else if kind == "application/x-ndjson" {
        Box::new(answer.body.lines().take(3).map(|line| serde_json::from_str(line).unwrap()))
    } else {
        Box::new(std::iter::once(answer.json()))
    };
    values.find_map(|value| {
        validator.iter_errors(&value).next().map(|error| format!("{error} at {}", error.instance_path()))
    })
}

#[test]
fn no_question_breaks_the_server_or_its_description() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    let description = server.get("/api/openapi.json").json();
    let known = server.get("/api/search?limit=1").json()["hits"][0]["id"].as_str().unwrap().to_owned();
    let usual = ["talks", "person:Gorbachev", "2024", "en", "US", "people", "year", "leaders,year", known.as_str()];
    let paths: Vec<String> = description["paths"].as_object().unwrap().keys().cloned().collect();
    assert!(paths.len() >= 8);
    let mut dice = Dice(20_260_601);
    let mut asked = [0; 6];
    for path in &paths {
        let parameters = description["paths"][path]["get"]["parameters"].as_array().unwrap();
        for round in 0..220 {
            let mut value = |schema: &Value| -> String {
                let schema = schema["anyOf"].get(0).unwrap_or(schema);
                if let Some(values) = schema["enum"].as_array().filter(|_| dice.roll(4) > 0) {
                    return values[dice.roll(values.len())].as_str().unwrap().to_owned();
                }
                if schema["type"] == "integer" && dice.roll(4) > 0 {
                    return dice.roll(50).to_string();
                }
                match dice.roll(4) {
                    0 => dice.pick(&ODD).to_owned(),
                    1 => dice.pick(&PAYLOADS).to_owned(),
                    _ => dice.pick(&usual).to_owned(),
                }
            };
            let (mut address, mut query) = (path.clone(), String::new());
            for parameter in parameters {
                let given = value(&parameter["schema"]);
                if parameter["in"] == "path" {
                    // an empty part is another address
                    let given = if given.is_empty() || round % 3 == 0 { known.clone() } else { given };
                    address = address.replace("{id}", &encoded(&given));
                } else if value(&Value::Null).len() % 4 == 0 || parameter["required"] == true {
                    write!(query, "&{}={}", parameter["name"].as_str().unwrap(), encoded(&given)).unwrap();
                }
            }
            let address = format!("{address}?{}", query.trim_start_matches('&'));
            let answer = server.get(&address);
            assert!(answer.status < 500, "{address}: {} {}", answer.status, answer.body);
            assert_eq!(undocumented(&description, path, &answer), None, "{address}");
            asked[usize::from(answer.status / 100)] += 1;
        }
    }
    assert!(asked[2] > 300 && asked[4] > 300, "{asked:?}");
}

#[test]
fn what_is_no_request_is_turned_away() {
    let sandbox = Sandbox::with_sample();
    let server = Server::start(&sandbox, &[]);
    let host = &server.address;
    for request in [
        "GET\r\n\r\n".to_owned(),
        format!("GET /%zz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET /articles/%ff%fe HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET /api/search?q=%ff%00 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET /{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "a/".repeat(20_000)),
        format!("GET /?q={} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "a".repeat(5000)),
        format!("GET /?q={} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "(".repeat(4000)),
        format!("GET /?{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "person=a&".repeat(2000)),
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("DELETE /api/articles/1 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!(
            "OPTIONS /api/search HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n"
        ),
    ] {
        let answer = server.send(&request);
        let shown: String = request.chars().take(60).collect();
        assert!(answer.status < 500, "{shown}: {}", answer.head);
        assert!(answer.header("access-control-allow-origin").is_none(), "{shown}");
        assert_eq!(server.get("/api/status").status, 200, "after {shown}");
    }
}
