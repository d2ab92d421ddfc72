//! The archive for agents: the binary driven over standard input and output as a client of the protocol drives it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, TODAY, sampled};

/// A running `dateline mcp`, past its greeting.
struct Agent {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    asked: u64,
}

impl Agent {
    fn start(sandbox: &Sandbox) -> (Self, Value) {
        let mut command = sandbox.command();
        command.args(["mcp", "--today", TODAY]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut agent = Self { process, input, output, asked: 0 };
        let client = json!({ "name": "test", "version": "1" });
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
        let greeting = agent.ask("initialize", &hello);
        agent.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        (agent, greeting)
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.asked += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.asked, "method": method, "params": parameters }));
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(answer["id"], self.asked);
        answer
    }

    /// The answer of a tool; what it says as text is the same.
    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let result = self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }))["result"].take();
        assert_eq!(result["isError"], false, "{tool} {arguments}: {result}");
        let answer = result["structuredContent"].clone();
        let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(text, answer);
        assert!(answer["digest"].as_str().is_some_and(|digest| digest.len() == 64), "{tool}: {answer}");
        assert!(answer["warnings"].is_array(), "{tool}: {answer}");
        answer
    }

    /// What a tool says when it does not do as told.
    fn refusal(&mut self, tool: &str, arguments: &Value) -> String {
        let result = self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }))["result"].take();
        assert_eq!(result["isError"], true, "{tool} {arguments}: {result}");
        result["content"][0]["text"].as_str().unwrap().to_owned()
    }

    /// Ends the input and waits for the end.
    fn finish(mut self) -> Option<i32> {
        drop(self.input.take());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[test]
fn an_agent_is_told_what_there_is_and_that_nothing_is_written() {
    let (mut agent, greeting) = Agent::start(sampled());
    assert_eq!(greeting["result"]["serverInfo"]["name"], "dateline");
    assert!(greeting["result"]["instructions"].as_str().unwrap().contains("digest"));
    let listed = agent.ask("tools/list", &json!({}));
    let tools = listed["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search", "facets", "timeline", "read", "cite"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert!(jsonschema::validator_for(&tool["inputSchema"]).is_ok(), "{tool}");
    }
    let unknown = agent.ask("tools/call", &json!({ "name": "delete", "arguments": {} }));
    assert!(unknown["error"]["message"].as_str().unwrap().contains("no tool `delete`"), "{unknown}");
    assert_eq!(agent.finish(), Some(0));
}

#[test]
fn an_agent_gets_the_answers_of_the_command_line() {
    let sandbox = sampled();
    let (mut agent, _) = Agent::start(sandbox);
    let same = |mut answer: Value, line: &str| {
        let mut printed = sandbox.json(&format!("{line} --format json --today {TODAY}"));
        answer.as_object_mut().unwrap().remove("digest");
        (answer["took_ms"], printed["took_ms"]) = (Value::Null, Value::Null);
        assert_eq!(answer, printed, "{line}");
    };
    same(
        agent.call("search", &json!({ "query": "ceasefire talks", "facet": ["leaders"] })),
        "search 'ceasefire talks' --facet leaders",
    );
    let narrowed =
        json!({ "query": "talks", "country": ["Ukraine", "IR"], "from": 1980, "limit": 3, "sort": "newest" });
    same(
        agent.call("search", &narrowed),
        "search talks --country Ukraine --country IR --from 1980 --limit 3 --sort newest",
    );
    same(agent.call("facets", &json!({ "facet": ["people:5", "year"] })), "facets '' people:5 year");
    same(agent.call("timeline", &json!({ "query": "talks", "by": "month" })), "timeline talks --by month");
    let cited = agent.call("cite", &json!({ "query": "truce OR ceasefire", "from": "1987" }));
    let printed =
        sandbox.json(&format!("cite --search 'truce OR ceasefire' --from 1987 --format json --today {TODAY}"));
    assert_eq!(cited["search"], printed);
}

#[test]
fn an_agent_reads_passages_it_can_cite() {
    let sandbox = sampled();
    let (mut agent, _) = Agent::start(sandbox);
    let found = agent.call("search", &json!({ "query": "ceasefire Hamas", "limit": 1 }));
    let id = found["hits"][0]["id"].as_str().unwrap();
    let read = agent.call("read", &json!({ "id": id, "query": "ceasefire" }));
    let body = sandbox.json(&format!("show {id} --format json"))["body"].as_str().unwrap().to_owned();
    let letters: Vec<char> = body.chars().collect();
    let passages = read["passages"].as_array().unwrap();
    assert_eq!(read["passages_total"], passages.len());
    assert!(passages.len() > 2 && read["article"]["body"].is_null());
    let mut matches = 0;
    for (number, passage) in (1_u64..).zip(passages) {
        assert_eq!(passage["id"], format!("{id}#{number}"));
        let place = |name: &str| passage[name].as_u64().unwrap() as usize;
        let there: String = letters[place("start")..place("end")].iter().collect();
        assert_eq!(passage["text"], there);
        for found in passage["matches"].as_array().unwrap() {
            let end = found[1].as_u64().unwrap() as usize;
            let word: String = there.chars().take(end).skip(found[0].as_u64().unwrap() as usize).collect();
            assert_eq!(word.to_lowercase(), "ceasefire");
            matches += 1;
        }
    }
    assert!(matches > 0);
    let second = agent.call("read", &json!({ "id": id, "offset": 1, "limit": 1 }));
    assert_eq!(second["passages"][0]["text"], passages[1]["text"]);
    let one = agent.call("read", &json!({ "id": format!("{id}#2") }));
    assert_eq!(one["passages"].as_array().unwrap().len(), 1);
    let cited = agent.call("cite", &json!({ "id": [format!("{id}#2"), "nobody"], "format": "ris" }));
    assert_eq!(cited["citations"][0]["passage"], one["passages"][0]);
    assert!(cited["citations"][0]["citation"].as_str().unwrap().starts_with("TY  - "));
    assert_eq!(cited["warnings"], json!(["no article has the id `nobody`"]));
}

#[test]
fn an_agent_is_told_what_was_wrong_and_goes_on() {
    let (mut agent, _) = Agent::start(sampled());
    for (tool, arguments, says) in [
        ("search", json!({ "query": "titel:x" }), "did you mean `title`"),
        ("search", json!({ "qery": "x" }), "no parameter `qery`"),
        ("search", json!({ "query": { "a": 1 } }), "text, a number, or a list"),
        ("search", json!({ "limit": 101 }), "at most 100"),
        ("search", json!({ "person": true }), "text, a number"),
        ("facets", json!({ "query": "x" }), "name what to count"),
        ("timeline", json!({ "by": "decade" }), "not `decade`"),
        ("read", json!({}), "give the `id`"),
        ("read", json!({ "id": "../../etc/passwd" }), "no article has the id"),
        ("read", json!({ "id": "nobody#1" }), "no article has the id"),
        ("read", json!({ "id": "x", "path": "/etc" }), "no argument `path`"),
        ("cite", json!({}), "give `id`"),
        ("cite", json!({ "id": "x", "format": "apa" }), "not `apa`"),
    ] {
        let said = agent.refusal(tool, &arguments);
        assert!(said.contains(says), "{tool} {arguments}: {said}");
    }
    assert_eq!(agent.call("search", &json!({ "query": "talks" }))["hits"].as_array().unwrap().len(), 10);
}
