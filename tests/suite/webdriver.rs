//! A real browser, driven over the WebDriver protocol (<https://www.w3.org/TR/webdriver2/>): Chromium through `chromedriver`. Small
//! enough to need no library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// The name elements have in answers, fixed by the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window; it ends with the test.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

/// How a browser is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Width of the window, in pixels.
    pub width: u32,
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// Whether the person likes it dark.
    pub dark: bool,
}

impl Browser {
    /// Starts a browser, or says that there is none. `DATELINE_BROWSER` names a Chromium that is not where one lies usually.
    pub fn start(setup: Setup) -> Option<Self> {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            eprintln!("skipped: no chromedriver and Chromium are installed (Debian: chromium-driver)");
            return None;
        };
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| line.unwrap().split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
        let mut browser = Self { driver, port: port.expect("chromedriver says its port"), session: String::new() };
        let size = format!("--window-size={},900", setup.width);
        let mut arguments = vec!["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en", &size];
        if setup.dark {
            arguments.push("--blink-settings=preferredColorScheme=0");
        }
        let mut options = json!({ "args": arguments, "prefs": { "download_restrictions": 3 } });
        if !setup.scripts {
            options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        if let Ok(binary) = std::env::var("DATELINE_BROWSER") {
            options["binary"] = json!(binary);
        }
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options, "unhandledPromptBehavior": "ignore" });
        let session = browser.ask("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        browser.session = session["sessionId"].as_str().unwrap_or_else(|| panic!("{session}")).to_owned();
        // narrower than a window may be
        browser.chrome("Emulation.setDeviceMetricsOverride", &json!({ "width": setup.width, "height": 900, "deviceScaleFactor": 1, "mobile": false }));
        Some(browser)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "GET" || method == "DELETE" { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", self.port, body.len())
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method} {path}: {answer}")).1;
        serde_json::from_str::<Value>(body).unwrap_or_else(|error| panic!("{error}: {answer}"))["value"].take()
    }

    fn session(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = self.ask(method, &format!("/session/{}{path}", self.session), body);
        assert!(value["error"].is_null(), "{method} {path} {body}: {value}");
        value
    }

    fn chrome(&self, command: &str, parameters: &Value) -> Value {
        self.session("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Goes to an address.
    pub fn go(&self, address: &str) {
        self.session("POST", "/url", &json!({ "url": address }));
    }

    /// Goes back.
    pub fn back(&self) {
        self.session("POST", "/back", &json!({}));
    }

    /// The address shown.
    pub fn address(&self) -> String {
        self.session("GET", "/url", &Value::Null).as_str().unwrap().to_owned()
    }

    /// The first element of a CSS selector.
    pub fn find(&self, selector: &str) -> String {
        let found = self.session("POST", "/element", &json!({ "using": "css selector", "value": selector }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// The first link of this text.
    pub fn link(&self, text: &str) -> String {
        let found = self.session("POST", "/element", &json!({ "using": "partial link text", "value": text }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// How many elements a CSS selector has.
    pub fn count(&self, selector: &str) -> usize {
        let found = self.session("POST", "/elements", &json!({ "using": "css selector", "value": selector }));
        found.as_array().unwrap().len()
    }

    /// The text of the first element of a CSS selector, as it is seen.
    pub fn text(&self, selector: &str) -> String {
        let element = self.find(selector);
        self.session("GET", &format!("/element/{element}/text"), &Value::Null).as_str().unwrap().to_owned()
    }

    /// Clicks an element.
    pub fn click(&self, element: &str) {
        self.session("POST", &format!("/element/{element}/click"), &json!({}));
    }

    /// Types into an element; `\u{e007}` is Enter, `\u{e004}` Tab.
    pub fn write(&self, element: &str, text: &str) {
        self.session("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses keys wherever the focus is.
    pub fn press(&self, keys: &str) {
        let actions: Vec<Value> =
            keys.chars().flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }))).collect();
        self.session("POST", "/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }));
    }

    /// What a script says.
    pub fn run(&self, script: &str) -> Value {
        self.session("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a script says in the end: it is given a function to call, as its last argument.
    pub fn run_until_told(&self, script: &str) -> Value {
        self.session("POST", "/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// The words of a dialogue box, if one is open.
    pub fn dialogue(&self) -> Option<String> {
        let said = self.ask("GET", &format!("/session/{}/alert/text", self.session), &Value::Null);
        said.as_str().map(str::to_owned)
    }

    /// Waits until something holds.
    pub fn wait(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let held = (0..200).any(|_| {
            let held = holds(self);
            if !held {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            held
        });
        assert!(held, "{what}, at {}", self.address());
    }

    /// Keeps a picture of the window.
    pub fn picture(&self, path: &Path) {
        let picture = self.session("GET", "/screenshot", &Value::Null);
        let bytes = decoded(picture.as_str().unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // the driver takes its browser along only if the session is ended
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            write!(stream, "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.session, self.port).ok();
            stream.read_to_string(&mut String::new()).ok();
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

/// Base 64, as pictures come.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|c| *c != b'=').map(digit).collect();
    let triples = digits.chunks(4).flat_map(|four| {
        let bits = four.iter().enumerate().fold(0_u32, |bits, (place, digit)| bits | u32::from(*digit) << (18 - 6 * place));
        bits.to_be_bytes().into_iter().skip(1).take(four.len() - 1)
    });
    triples.collect()
}
