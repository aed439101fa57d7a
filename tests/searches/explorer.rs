//! `omnisim model --explore` serves a page on which one goes from state to state, told in
//! the words of a trace.

#[path = "../../knossos-rs/tests/picture/chromium.rs"]
mod chromium;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};

use crate::arguments;
use crate::common::{Folder, omnisim, program, scenario_path};
use serde_json::Value;

/// A server of one scenario, which ends with its test.
struct Server {
    child: Child,
    /// `http://127.0.0.1:40123/`.
    url: String,
}

impl Server {
    fn start(name: &str) -> Self {
        let path = scenario_path(&format!("model/{name}"));
        let arguments = arguments!["model", path, "--explore", "localhost:0"];
        let mut child = program(arguments).spawn().expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output is kept");
        let read = BufReader::new(out).read_line(&mut line);
        read.expect("it says where it serves");
        let url = line.split(' ').find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("no address in {line:?}"));
        let url = url.to_owned();
        Self { child, url }
    }

    fn address(&self) -> &str {
        self.url["http://".len()..].trim_end_matches('/')
    }

    /// Asks for one thing: the status line and the content.
    fn ask(&self, request: &str) -> (String, String) {
        // Whoever prints where it will serve does so a moment earlier.
        let mut stream = loop {
            if let Ok(stream) = TcpStream::connect(self.address()) {
                break stream;
            }
        };
        let request = format!(
            "{request} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address()
        );
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("it answers");
        let (head, content) = response.split_once("\r\n\r\n").expect("a head comes first");
        let status = head.lines().next().expect("a status comes first");
        (status.to_owned(), content.to_owned())
    }

    fn get(&self, path: &str) -> Value {
        let (status, content) = self.ask(&format!("GET {path}"));
        assert!(status.contains("200"), "{status}: {content}");
        let (start, end) = (content.find(['[', '{']), content.rfind([']', '}']));
        let json = &content[start.expect("it begins")..=end.expect("it ends")];
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
    }

    /// Follows the action that begins with each of `words`: the last, and its path.
    fn follow(&self, words: &[&str]) -> (Value, String) {
        let mut path = "/.states/0".to_owned();
        let mut step = Value::Null;
        for wanted in words {
            let steps = self.get(&path);
            let steps = steps.as_array().expect("a list");
            let begins = |step: &&Value| {
                let action = step["action"].as_str();
                action.is_some_and(|action| action.starts_with(wanted))
            };
            let found = steps.iter().find(begins);
            step = found
                .unwrap_or_else(|| panic!("{wanted}: {steps:?}"))
                .clone();
            path = format!("{path}/{}", step["actionIndex"]);
        }
        (step, path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn states_and_actions_are_served_in_the_words_of_a_trace() {
    let server = Server::start("stale_read");
    let (step, path) = server.follow(&[
        "client 1 asks replica 1: put \"k0\" \"1.1\"",
        "replica 1 attempts to lead",
        "1 -> 2  Prepare (1 of 1)",
        "2 -> 1  Promise (1 of 1)",
    ]);
    let state = step["state"].as_str().expect("it is told");
    for line in [
        "replica 1   promised (1 of 1), accepted (1 of 1), log of 1, decided 0",
        "            sees r1 lead (accept phase)",
        "replica 3   promised (0 of 0), accepted (0 of 0), log of 0, decided 0",
        "  1 -> 2  AcceptSync (1 of 1): from 0: [c1#1 put \"k0\" \"1.1\"], decided 0",
        "  c2#1 get \"k0\", not asked yet",
        "  only what is under way",
    ] {
        assert!(state.contains(line), "{line:?} is not in\n{state}");
    }
    let (status, _) = server.ask(&format!("GET {path}/999"));
    assert!(status.contains("404"), "{status}");
}

#[test]
fn a_search_that_is_run_to_completion_finds_the_violation_and_links_to_it() {
    let server = Server::start("stale_read");
    assert_eq!(server.get("/.status")["done"], false);
    let (status, _) = server.ask("POST /.runtocompletion");
    assert!(status.contains("200"), "{status}");
    let path = loop {
        let status = server.get("/.status");
        let properties = status["properties"].as_array().expect("a list").clone();
        let found = |property: &&Value| property[1] == "linearizability";
        let property = properties.iter().find(found).expect("it is listed");
        if let Some(path) = property[2].as_str() {
            break path.to_owned();
        }
    };
    let (before, last) = path.rsplit_once('/').expect("it takes some steps");
    let steps = server.get(&format!("/.states/{before}"));
    let last: u64 = last.parse().expect("a number");
    let wanted = |step: &&Value| step["actionIndex"] == last;
    let steps = steps.as_array().expect("a list");
    let step = steps.iter().find(wanted).expect("it is a step");
    let state = step["state"].as_str().expect("it is told");
    assert!(state.contains("VIOLATION linearizability"), "{state}");
}

#[test]
fn a_real_browser_shows_the_page_with_our_words() {
    let profile = Folder::new();
    let Some(mut browser) = chromium::headless(profile.path()) else {
        return;
    };
    let server = Server::start("stale_read");
    let (_, path) = server.follow(&["replica 1 attempts to lead"]);
    let steps = path.replace("/.states", "#/steps");
    let output = browser
        .arg(format!("{}{steps}", server.url))
        .output()
        .expect("the browser starts");
    let page = String::from_utf8_lossy(&output.stdout);
    for words in [
        "EverySchedule",
        "Always linearizability",
        "replica 1 attempts to lead",
        "1 -&gt; 2  Prepare (1 of 1): accepted (0 of 0) up to 0, decided 0",
        "promised (1 of 1)",
    ] {
        assert!(page.contains(words), "{words:?} is not on\n{page}");
    }
}

#[test]
fn a_signal_ends_it() {
    let mut server = Server::start("stale_read");
    let kill = format!("kill -INT {}", server.child.id());
    let sent = Command::new("sh").args(["-c", &kill]).status();
    assert!(sent.expect("there is a shell").success());
    let ended = server.child.wait().expect("it ends");
    assert_eq!(ended.code(), Some(130));
}

#[test]
fn an_address_that_is_none_or_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let taken = taken.local_addr().map(|address| (taken, address));
    let (_listener, address) = taken.expect("it has an address");
    let address = address.to_string();
    for (at, complaint) in [
        (address.as_str(), "in use"),
        ("nowhere", "write HOST:PORT, as localhost:3000"),
        ("localhost:99999", "write HOST:PORT"),
    ] {
        let path = scenario_path("model/stale_read");
        let said = omnisim(arguments!["model", path, "--explore", at]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[&format!("--explore {at}: "), complaint]);
    }
    let said = omnisim(arguments![
        "model",
        scenario_path("model/stale_read"),
        "--explore",
        "--search",
        "random"
    ]);
    assert_eq!(said.code, Some(2), "a page is no walk: {said:?}");
}
