//! A real browser, driven over the `WebDriver` protocol (<https://www.w3.org/TR/webdriver2/>): Chromium through `chromedriver`. Small
//! enough to need no library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// The name elements have in answers, fixed by the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// No command takes longer; pages and scripts are given up a little earlier, so that the driver says what was slow.
const LONGEST: Duration = Duration::from_secs(40);

/// A browser with one window; it ends with the test.
pub struct Browser {
    // one at a time: each wants a core to itself
    _turn: MutexGuard<'static, ()>,
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
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            eprintln!("skipped: no chromedriver and Chromium are installed (Debian: chromium-driver)");
            return None;
        };
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .find_map(|line| line.unwrap().split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
        let mut browser =
            Self { _turn: turn, driver, port: port.expect("chromedriver says its port"), session: String::new() };
        let size = format!("--window-size={},900", setup.width);
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--lang=en",
            &size,
        ];
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
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options, "unhandledPromptBehavior": "ignore",
                    "timeouts": { "pageLoad": 30_000, "script": 30_000, "implicit": 0 } });
        let session = browser.ask("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        browser.session = session["sessionId"].as_str().unwrap_or_else(|| panic!("{session}")).into();
        // narrower than a window may be
        browser.resize(setup.width, 900);
        Some(browser)
    }

    /// Gives the window a size.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.chrome("Emulation.setDeviceMetricsOverride", &size);
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let asked =
            asked(self.port, method, path, body).unwrap_or_else(|error| panic!("{method} {path} {body}: {error}"));
        serde_json::from_slice::<Value>(&asked).unwrap_or_else(|error| panic!("{method} {path}: {error}"))["value"]
            .take()
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

    /// A property of the first element of a CSS selector, as text.
    pub fn property(&self, selector: &str, name: &str) -> String {
        let element = self.find(selector);
        let value = self.session("GET", &format!("/element/{element}/property/{name}"), &Value::Null);
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
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
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })))
            .collect();
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
                std::thread::sleep(Duration::from_millis(50));
            }
            held
        });
        assert!(held, "{what}, at {}", self.address());
    }

    /// Keeps a picture of the window.
    pub fn picture(&self, path: &Path) {
        let picture = self.session("GET", "/screenshot", &Value::Null);
        let bytes = data_encoding::BASE64.decode(picture.as_str().unwrap().as_bytes()).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // the driver takes its browser along only if the session is ended
        asked(self.port, "DELETE", &format!("/session/{}", self.session), &Value::Null).ok();
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

/// Sends one command and reads its answer. The driver keeps the connection open whatever it is told, so that only the length says
/// where an answer ends.
fn asked(port: u16, method: &str, path: &str, body: &Value) -> std::io::Result<Vec<u8>> {
    let body = if method == "POST" { body.to_string() } else { String::new() };
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(LONGEST))?;
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n{body}")?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok(answer)
}
