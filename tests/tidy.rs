//! The house rules, checked on the source itself.

mod common;
mod tidy {
    pub(crate) mod additions;
    pub(crate) mod circles;
    pub(crate) mod code;
    pub(crate) mod rooms;
    pub(crate) mod rules;
    pub(crate) mod uses;
}

use std::path::{Path, PathBuf};

use common::{files, package};
use tidy::circles::{circles_of_checker, circles_of_items, circles_of_rooms};
use tidy::{additions, rooms, rules};

/// Where Rust source lies.
const FOLDERS: [&str; 5] = ["src", "simulated_clock", "knossos-rs", "examples", "tests"];

/// A file, by its path from the package's folder on.
struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in FOLDERS {
        for path in files(&package().join(folder), "rs") {
            // What was built there is nobody's source.
            if name(&path).split('/').any(|part| part == "target") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("source can be read");
            sources.push(Source {
                path: name(&path),
                text,
            });
        }
    }
    assert!(sources.len() > 100, "the source is where it was");
    sources
}

fn name(path: &Path) -> String {
    let inside = path
        .strip_prefix(package())
        .expect("the path lies in the package");
    inside.to_string_lossy().into_owned()
}

/// Fails with every line that breaks a rule.
fn holds(rule: impl Fn(&str, &str) -> Vec<String>) {
    let broken: Vec<_> = sources()
        .iter()
        .flat_map(|source| rule(&source.path, &source.text))
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn nothing_reads_the_wall_clock_starts_threads_or_iterates_in_no_order() {
    holds(rules::forbidden_words);
}

#[test]
fn a_room_uses_only_the_rooms_below_it() {
    holds(rooms::upward_uses);
}

#[test]
fn nothing_but_its_own_room_and_the_systems_on_it_knows_omnipaxos() {
    holds(rooms::knows_omnipaxos);
}

#[test]
fn no_files_of_a_room_use_each_other_in_a_circle() {
    let sources = sources();
    let files = sources
        .iter()
        .map(|source| (&source.path[..], &source.text[..]));
    let found: Vec<String> = circles_of_rooms(files)
        .iter()
        .map(|circle| circle.join(" "))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The circles that there are by where items are defined, each one family of types. The trait of a
/// replica names its context and its probes, and they name its associated types; the trait of a
/// system names its judges, and what they see is of the system.
const FAMILIES: [&str; 2] = [
    "replica replica/context replica/effect replica/probe",
    "system system/judging system/judging/end_of_run",
];

#[test]
fn no_files_of_a_room_use_items_of_each_other_in_a_circle() {
    let sources = sources();
    let files = sources
        .iter()
        .map(|source| (&source.path[..], &source.text[..]));
    let found: Vec<String> = circles_of_items(files)
        .iter()
        .map(|circle| circle.join(" "))
        .collect();
    assert_eq!(found, FAMILIES);
}

/// What each kept patch adds, by the rows of `ARCHITECTURE.md` that say where.
const ADDITIONS: [(&str, &[&str]); 4] = [
    ("fault", &["a kind of fault"]),
    ("invariant", &["an invariant", "a planted bug"]),
    ("level", &["a level of consistency"]),
    ("report_format", &["a format of reports"]),
];

#[test]
fn what_is_added_takes_the_files_that_the_table_says_and_no_others() {
    let table = std::fs::read_to_string(package().join("ARCHITECTURE.md"));
    let table = table.expect("it can be read");
    for (name, what) in ADDITIONS {
        let path = package().join(format!("tests/additions/{name}.patch"));
        let patch = std::fs::read_to_string(&path).expect("it can be read");
        let unnamed = additions::unnamed(&patch, &additions::rows(&table, what));
        assert!(
            unnamed.is_empty(),
            "{name}: the table does not say {unnamed:?}"
        );
        let mut git = std::process::Command::new("git");
        let git = git
            .args(["apply", "--check"])
            .arg(&path)
            .current_dir(package());
        let said = git
            .output()
            .expect("git is there, which brought this checkout");
        let why = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{name}.patch applies no more: {why}");
    }
}

#[test]
fn no_files_of_the_checker_use_each_other_in_a_circle() {
    let sources = sources();
    let files = sources
        .iter()
        .map(|source| (&source.path[..], &source.text[..]));
    let found: Vec<String> = circles_of_checker(files)
        .iter()
        .map(|circle| circle.join(" "))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_room_has_its_place_in_the_order() {
    let rooms: Vec<PathBuf> = std::fs::read_dir(package().join("src"))
        .expect("the source can be read")
        .map(|entry| entry.expect("the source can be read").path())
        .collect();
    for path in rooms {
        let room = path
            .file_stem()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned();
        let is_root = matches!(room.as_str(), "lib" | "main");
        assert!(
            is_root || rooms::ORDER.contains(&room.as_str()),
            "{room} has no place in the order"
        );
    }
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    holds(rules::missing_opening);
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    holds(rules::too_long);
}

#[test]
fn nothing_is_left_for_later() {
    holds(rules::unfinished);
}

#[test]
fn nothing_names_a_path_of_one_machine() {
    holds(rules::machine_paths);
    for folder in ["scenarios", "examples", "reports"] {
        for ending in ["toml", "md", "jsonl"] {
            for path in files(&package().join(folder), ending) {
                let is_ours = !path.to_string_lossy().contains("/reports/");
                let text = std::fs::read_to_string(&path).expect("it can be read");
                let broken = rules::machine_paths(&name(&path), &text);
                assert!(!is_ours || broken.is_empty(), "{broken:?}");
            }
        }
    }
}
