//! Rules for single files: each gives the lines that break it.

use super::code::{is_test_file, without_comments_and_literals};

/// The rooms of which a run is made: here nothing may differ between two runs.
const SIMULATION: [&str; 19] = [
    "src/units/",
    "src/decision/",
    "src/observation/",
    "src/network/",
    "src/storage/",
    "src/replica/",
    "src/client/",
    "src/nemesis/",
    "src/check/",
    "src/systems/",
    "src/scenario/",
    "src/system/",
    "src/judge/",
    "src/world/",
    "simulated_clock/src/",
    "examples/lock_service/src/",
    "examples/own_server/src/",
    "examples/queue/src/",
    "examples/register/src/",
];

/// What must not be said, and the only files that may.
const FORBIDDEN: [(&str, &[&str]); 14] = [
    (
        "std::time::Instant",
        &[
            "src/cli/stopwatch.rs",
            "knossos-rs/src/deadline.rs",
            "knossos-rs/benches/beside/src/clock.rs",
        ],
    ),
    ("SystemTime", &["src/cli/hunt/beginning.rs"]),
    (
        "thread::spawn",
        &[
            "src/cli/explorer.rs",
            "src/cli/interrupt.rs",
            "src/cli/watchdog.rs",
            "src/explore/memo.rs",
        ],
    ),
    (
        "thread::scope",
        &[
            "src/search/many.rs",
            "knossos-rs/src/parallel.rs",
            "tests/program/kept_files.rs",
        ],
    ),
    (
        "thread::sleep",
        &[
            "src/cli/explorer.rs",
            "src/cli/interrupt.rs",
            "src/cli/watchdog.rs",
            "src/explore/search.rs",
            "tests/program/hunt.rs",
            "tests/program/interrupted.rs",
            "tests/program/killed_shrink.rs",
            "tests/misbehaving/main.rs",
            "tests/searches/model.rs",
            "knossos-rs/benches/beside/src/clock.rs",
        ],
    ),
    (
        "thread_local",
        &["src/replica/guard.rs", "src/systems/omnipaxos/snapshot.rs"],
    ),
    ("HashMap", &[]),
    ("HashSet", &[]),
    ("RandomState", &[]),
    ("DefaultHasher", &[]),
    ("rand::rng", &[]),
    ("thread_rng", &[]),
    ("getrandom", &[]),
    ("from_os_rng", &[]),
];

/// What must not be said where runs are made, in any form.
const FORBIDDEN_IN_SIMULATION: [&str; 9] = [
    "std::time",
    "std::thread",
    "std::sync::atomic",
    "std::env",
    "std::process",
    "std::net",
    "available_parallelism",
    "Mutex",
    "static mut",
];

/// Every line that could make two runs differ.
pub(crate) fn forbidden_words(path: &str, text: &str) -> Vec<String> {
    // A span of time is no clock.
    let code = without_comments_and_literals(text).replace("std::time::Duration", "Duration");
    let is_room = SIMULATION.iter().any(|room| path.starts_with(room));
    let is_simulation = is_room && !is_test_file(path) && !path.ends_with("/main.rs");
    let mut words: Vec<&str> = FORBIDDEN
        .iter()
        .filter(|(_, allowed)| !allowed.contains(&path))
        .map(|(word, _)| *word)
        .collect();
    if is_simulation {
        words.extend(FORBIDDEN_IN_SIMULATION);
    }
    lines_with(path, &code, &words)
}

/// A file that does not say what it is for.
pub(crate) fn missing_opening(path: &str, text: &str) -> Vec<String> {
    let is_beside_code = path.ends_with("/tests.rs");
    let opens = text.starts_with("//! ");
    if opens || is_beside_code {
        Vec::new()
    } else {
        vec![format!("{path}:1: does not open with //!")]
    }
}

/// A file that should be two: tests may be somewhat longer than the simulator and the checker.
pub(crate) fn too_long(path: &str, text: &str) -> Vec<String> {
    let is_library = path.starts_with("src/") || path.starts_with("knossos-rs/src/");
    let (lines, most) = (text.lines().count(), if is_library { 400 } else { 450 });
    if lines > most {
        vec![format!("{path}: {lines} lines are more than {most}")]
    } else {
        Vec::new()
    }
}

/// Lines that somebody meant to come back to.
pub(crate) fn unfinished(path: &str, text: &str) -> Vec<String> {
    let code = without_comments_and_literals(text);
    lines_with(path, &code, &["todo!", "unimplemented!", "dbg!"])
}

/// Lines that only make sense on one machine.
pub(crate) fn machine_paths(path: &str, text: &str) -> Vec<String> {
    // Written so that this file does not name them either.
    let folders = ["work", "farm", "root"].map(|folder| format!("/{folder}/"));
    let words: Vec<_> = folders.iter().map(String::as_str).collect();
    lines_with(path, text, &words)
}

fn lines_with(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let mut broken = Vec::new();
    for (line, content) in text.lines().enumerate() {
        for word in words.iter().filter(|word| content.contains(**word)) {
            broken.push(format!("{path}:{}: {word}", line + 1));
        }
    }
    broken
}

#[test]
fn every_planted_forbidden_word_is_caught_at_its_line() {
    for (word, _) in FORBIDDEN {
        let text = format!("//! A file.\n\nuse {word};\n");
        for path in [
            "src/world/mod.rs",
            "src/cli/run.rs",
            "knossos-rs/src/lib.rs",
        ] {
            let broken = forbidden_words(path, &text);
            assert!(broken.contains(&format!("{path}:3: {word}")), "{broken:?}");
        }
    }
    for word in FORBIDDEN_IN_SIMULATION {
        let text = format!("use {word};\n");
        assert!(
            !forbidden_words("src/check/facts.rs", &text).is_empty(),
            "{word}"
        );
        assert!(
            !forbidden_words("simulated_clock/src/lib.rs", &text).is_empty(),
            "{word}"
        );
    }
}

#[test]
fn a_word_in_a_comment_or_a_text_or_where_it_is_allowed_is_not_caught() {
    assert!(
        forbidden_words(
            "src/world/mod.rs",
            "// a HashMap\nlet text = \"HashSet\";\n"
        )
        .is_empty()
    );
    assert!(forbidden_words("src/cli/stopwatch.rs", "use std::time::Instant;\n").is_empty());
    assert!(forbidden_words("src/check/level.rs", "use std::time::Duration;\n").is_empty());
    assert!(forbidden_words("src/replica/guard.rs", "thread_local! {}\n").is_empty());
}

#[test]
fn a_planted_file_that_breaks_a_rule_is_caught() {
    assert_eq!(
        missing_opening("src/a.rs", "use b;\n"),
        ["src/a.rs:1: does not open with //!"]
    );
    assert!(missing_opening("src/a/tests.rs", "use b;\n").is_empty());
    assert_eq!(too_long("src/a.rs", &"\n".repeat(401)).len(), 1);
    assert!(too_long("src/a.rs", &"\n".repeat(400)).is_empty());
    assert_eq!(too_long("tests/a.rs", &"\n".repeat(451)).len(), 1);
    assert!(too_long("tests/a.rs", &"\n".repeat(450)).is_empty());
    for word in ["todo!", "unimplemented!", "dbg!"] {
        assert_eq!(
            unfinished("src/a.rs", &format!("fn a() {{ {word}() }}\n")),
            [format!("src/a.rs:1: {word}")]
        );
    }
    for folder in ["work", "farm", "root"] {
        let line = format!("let a = \"/{folder}/b\";\n");
        assert_eq!(
            machine_paths("a.toml", &line),
            [format!("a.toml:1: /{folder}/")]
        );
    }
}
