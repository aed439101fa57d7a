//! A run that is stopped from outside leaves only whole files behind.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use crate::arguments;
use crate::common::{Folder, Said, program, scenario_path};
use omnisim::repro::Repro;

/// Starts many runs that are all saved, and waits until some are.
fn under_way(out: &Folder, wanted: usize) -> Child {
    let path = scenario_path("smoke/hello");
    let child = program(arguments![
        "run",
        path,
        "--save",
        "--seeds",
        "0..1000000",
        "--format",
        "json",
        "--quiet",
        "--out",
        out.path()
    ])
    .stdout(std::fs::File::create(out.path().join("lines")).expect("it can be made"))
    .spawn()
    .expect("the program can be started");
    while repros(out).len() < wanted {
        pause();
    }
    child
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
fn pause() {
    std::thread::sleep(Duration::from_millis(2));
}

fn repros(out: &Folder) -> Vec<String> {
    let mut names = out.names();
    names.retain(|name| name.ends_with(".repro.toml"));
    names
}

#[test]
fn a_killed_run_leaves_no_broken_repro() {
    for wanted in [5, 20, 21, 22, 60] {
        let out = Folder::new();
        let mut child = under_way(&out, wanted);
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let repros = repros(&out);
        assert!(repros.len() >= wanted);
        for name in repros {
            let loaded = Repro::load(&out.path().join(&name));
            assert!(loaded.is_ok(), "{name}: {loaded:?}");
        }
    }
}

#[test]
fn an_interrupted_run_ends_with_its_signal_and_has_said_what_was_done() {
    let once = "kill -SIGNAL PROCESS";
    // As `timeout` does, which signals its child and then the whole group.
    let twice = "kill -SIGNAL PROCESS; sleep 0.002; kill -SIGNAL PROCESS || true";
    for (signal, code, how) in [
        ("INT", 130, once),
        ("TERM", 143, once),
        ("TERM", 143, twice),
    ] {
        let out = Folder::new();
        let child = under_way(&out, 10);
        let kill = how
            .replace("SIGNAL", signal)
            .replace("PROCESS", &child.id().to_string());
        let sent = Command::new("sh")
            .args(["-c", &kill])
            .status()
            .expect("there is a shell");
        assert!(sent.success());
        let said: Said = child.wait_with_output().expect("it ends").into();
        assert_eq!(said.code, Some(code), "{said:?}");

        let lines = std::fs::read_to_string(out.path().join("lines")).expect("it was written");
        let seed = |line: &str| {
            let run: serde_json::Value = serde_json::from_str(line).expect("every line is whole");
            run["seed"].as_u64().expect("a seed")
        };
        let seeds: Vec<_> = lines.lines().map(seed).collect();
        let stopped = format!("stopped after {} of 1000000 runs\n", seeds.len());
        // Where runs take long, what is waited for is said before.
        assert!(said.err.ends_with(&stopped), "how far it came: {said:?}");
        assert!(seeds.len() >= 10 && seeds.is_sorted(), "{seeds:?}");
        assert_eq!(
            repros(&out).len(),
            seeds.len(),
            "every run that is told of is saved"
        );
    }
}

/// Increments by the powers of two, nobody knows which took effect, and a read of an odd sum: to
/// find out that there is no order, all sets of increments would have to be looked at.
fn without_end(folder: &Folder) -> PathBuf {
    let add = |power: u32| {
        let (client, amount) = (power, 1u64 << power);
        format!(r#"{{"client":{client},"op":"add","in":{amount},"out":null,"call":0,"ret":null}}"#)
    };
    let mut lines: Vec<String> = (1..45).map(add).collect();
    lines
        .push(r#"{"client":99,"op":"read","in":null,"out":{"value":1},"call":10,"ret":20}"#.into());
    folder.write("without_end.jsonl", &lines.join("\n"))
}

#[test]
fn an_interrupted_check_ends_with_its_signal_and_has_told_the_verdicts_that_stood() {
    let folder = Folder::new();
    let long = without_end(&folder);
    let line = r#"{"client":1,"op":"read","in":null,"out":{"value":0},"call":0,"ret":5}"#;
    let short = folder.write("short.jsonl", line);
    let last = folder.write("last.jsonl", line);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let arguments = arguments![
            "check", "--jobs", "1", "--model", "counter", short, long, last
        ];
        let mut child = program(arguments)
            .spawn()
            .expect("the program can be started");
        let mut output = BufReader::new(child.stdout.take().expect("it is heard"));
        let mut first = String::new();
        output.read_line(&mut first).expect("it is text");
        assert!(first.contains("short.jsonl: linearizable"), "{first}");
        let kill = format!("sleep 0.2; kill -{signal} {}", child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("there is a shell").success());
        let mut rest = String::new();
        output.read_to_string(&mut rest).expect("it is text");
        let said: Said = child.wait_with_output().expect("it ends").into();
        assert_eq!(said.code, Some(code), "{said:?}");
        assert!(
            rest.contains("without_end.jsonl: unknown, it was stopped"),
            "{rest}"
        );
        assert!(
            said.err.contains("stopped after 2 of 3 histories"),
            "{said:?}"
        );
    }
}
