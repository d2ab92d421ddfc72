//! A running server and what it answers, over a socket.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A running server; it ends with the test.
pub struct Server {
    process: Child,
    /// Host and port.
    pub address: String,
}

/// One answer.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Status line and headers, in small letters.
    pub head: String,
    /// The body as sent.
    pub body: String,
    /// Whether it was ended; one that breaks off within its head or its pieces is not.
    pub is_whole: bool,
}

impl Server {
    /// Serves the index of a sandbox on a free port.
    pub fn start(sandbox: &Sandbox, flags: &[&str]) -> Self {
        let mut command = sandbox.command();
        command.args(["serve", "--bind", "127.0.0.1:0", "--today", "2026-01-01"]).args(flags);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").unwrap_or_else(|| panic!("{line}")).1;
        Self { address: address.trim_end_matches('/').to_owned(), process }
    }

    /// Asks for a path with more headers, each ended by a line break.
    pub fn ask(&self, path: &str, headers: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n", self.address))
    }

    /// Asks for a path.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(path, "")
    }

    /// Sends a whole request and reads until the server hangs up.
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_mins(1))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let head = head.to_lowercase();
        let in_pieces = head.contains("transfer-encoding: chunked");
        let is_whole = text.contains("\r\n\r\n") && (!in_pieces || body.ends_with("0\r\n\r\n"));
        let body = if in_pieces { unchunked(body) } else { body.to_owned() };
        Answer { status, head, body, is_whole }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.head, self.body))
    }

    /// The value of a header, in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A body sent in pieces, each after its length.
fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or(0);
        let Some(piece) = rest.get(..length).filter(|piece| !piece.is_empty()) else { break };
        whole.push_str(piece);
        body = rest[length..].trim_start_matches("\r\n");
    }
    whole
}

/// A text as it stands in an address.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    })
}
