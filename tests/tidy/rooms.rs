//! Which room may use which: only those before it in the order.

use super::code::{before_tests, is_test_file, without_comments_and_literals};

/// The rooms of `src/`, from the ground up.
pub(crate) const ORDER: [&str; 24] = [
    "units",
    "decision",
    "observation",
    "network",
    "storage",
    "replica",
    "client",
    "nemesis",
    "check",
    "scenario",
    "system",
    "judge",
    "world",
    "explore",
    "repro",
    "report",
    "search",
    "reporters",
    "histories",
    "testing",
    "systems",
    "prelude",
    "cli",
    "main",
];

/// Every line on which a room uses one that is not below it.
pub(crate) fn upward_uses(path: &str, text: &str) -> Vec<String> {
    let Some(room) = room_of(path) else {
        return Vec::new();
    };
    if is_test_file(path) {
        return Vec::new();
    }
    let code = without_comments_and_literals(text);
    let mut broken = Vec::new();
    for (place, used) in uses(before_tests(&code)) {
        let used_height = ORDER.iter().position(|other| *other == used);
        let is_below = used_height.is_none_or(|height| height <= room);
        if !is_below {
            let line = 1 + code[..place].matches('\n').count();
            broken.push(format!("{path}:{line}: {} is above {}", used, ORDER[room]));
        }
    }
    broken
}

/// The file outside `src/systems/` that may say which library was tested with: a repro file and the
/// report of a hunt keep its version.
const NAME_THE_LIBRARY: [&str; 1] = ["src/repro/build.rs"];

/// Every line outside the systems under test that knows OmniPaxos: it is one system among several.
pub(crate) fn knows_omnipaxos(path: &str, text: &str) -> Vec<String> {
    let is_allowed = path.starts_with("src/systems/") || NAME_THE_LIBRARY.contains(&path);
    if !path.starts_with("src/") || is_allowed || is_test_file(path) {
        return Vec::new();
    }
    let code = without_comments_and_literals(text);
    let lines = (1..).zip(before_tests(&code).lines());
    let knows = |line: &str| line.to_lowercase().contains("paxos");
    lines
        .filter(|(_, line)| knows(line))
        .map(|(number, line)| format!("{path}:{number}: knows OmniPaxos: {}", line.trim()))
        .collect()
}

/// The place of a file's room in the order; none for the root and for other crates.
fn room_of(path: &str) -> Option<usize> {
    let inside = path.strip_prefix("src/")?;
    let room = inside.split(['/', '.']).next()?;
    ORDER.iter().position(|other| *other == room)
}

/// The names after each `crate::`, groups in braces taken apart, with their places.
fn uses(code: &str) -> Vec<(usize, String)> {
    let mut uses = Vec::new();
    for (place, found) in code.match_indices("crate::") {
        let rest = &code[place + found.len()..];
        match rest.strip_prefix('{') {
            None => uses.push((place, word(rest))),
            Some(group) => uses.extend(first_words(group).into_iter().map(|word| (place, word))),
        }
    }
    uses
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// The first word of each part of a group `a::b, c::{d, e}}`.
fn first_words(group: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut depth = 0;
    let mut begins = true;
    for (place, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if begins && !c.is_whitespace() => {
                words.push(word(&group[place..]));
                begins = false;
            }
            _ => {}
        }
    }
    words
}

#[test]
fn a_planted_upward_use_is_caught_however_it_is_written() {
    for line in [
        "use crate::world::World;",
        "use crate::{units::Time, world::{World, Outcome}};",
        "use crate::{\n    units::Time,\n    world,\n};",
        "fn a() { crate::world::run() }",
        "pub(crate) use crate::world;",
    ] {
        let text = format!("//! A file.\n\n{line}\n");
        let broken = upward_uses("src/network/link.rs", &text);
        assert_eq!(
            broken,
            ["src/network/link.rs:3: world is above network"],
            "{line}"
        );
    }
}

#[test]
fn a_room_may_use_itself_and_those_below_and_tests_may_use_all() {
    let text = "use crate::decision::Stream;\nuse crate::network::Link;\n// crate::world\n\
                #[cfg(test)]\nmod tests {\n    use crate::world::World;\n}\n";
    assert!(upward_uses("src/network/link.rs", text).is_empty());
    assert!(upward_uses("src/network/tests/stories.rs", "use crate::world::World;").is_empty());
    assert!(upward_uses("src/lib.rs", "use crate::world::World;").is_empty());
    assert_eq!(
        upward_uses("src/testing.rs", "use crate::cli::Exit;").len(),
        1,
        "a room of one file"
    );
}

#[test]
fn a_planted_use_of_omnipaxos_is_caught_outside_of_its_room() {
    let text = "//! OmniPaxos.\n\nuse crate::systems::omnipaxos::Tuning;\n\
                // omnipaxos\nconst NAME: &str = \"omnipaxos\";\n\
                #[cfg(test)]\nmod tests {\n    use omnipaxos::OmniPaxos;\n}\n";
    let broken = knows_omnipaxos("src/scenario/mod.rs", text);
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert!(
        broken[0].starts_with("src/scenario/mod.rs:3: "),
        "{broken:?}"
    );
    assert!(knows_omnipaxos("src/systems/kv/mod.rs", text).is_empty());
}
