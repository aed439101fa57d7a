//! `omnisim check --consistency`: for every level a history that breaks it and one that does not.

use std::path::PathBuf;

use crate::arguments;
use crate::common::{Folder, omnisim};
use omnisim::check::Level;
use omnisim::scenario::Scenario;

/// Operations as `client op key value`, one after the other, ten nanoseconds each; a get of `-`
/// saw nothing.
fn history(operations: &[&str]) -> String {
    let line = |(place, operation): (usize, &&str)| {
        let words: Vec<&str> = operation.split(' ').collect();
        let [client, op, key, value] = words[..] else {
            panic!("{operation} has four words");
        };
        let (asked, answered) = match (op, value) {
            ("get", "-") => ("null".to_owned(), r#"{"value":null}"#.to_owned()),
            ("get", _) => ("null".to_owned(), format!(r#"{{"value":"{value}"}}"#)),
            _ => (format!(r#""{value}""#), r#"{"ok":true}"#.to_owned()),
        };
        let (call, ret) = (place * 20, place * 20 + 10);
        format!(
            r#"{{"client":{client},"key":"{key}","op":"{op}","in":{asked},"out":{answered},"call":{call},"ret":{ret}}}"#
        ) + "\n"
    };
    operations.iter().enumerate().map(line).collect()
}

/// The level, a history that breaks it, and one that keeps it and is not linearizable.
const LEVELS: [(&str, &[&str], &[&str]); 7] = [
    (
        "sequential",
        &["1 put x 1", "1 get y -", "2 put y 1", "2 get x -"],
        &["1 put x 1", "2 get x -"],
    ),
    (
        "monotonic-reads",
        &["1 put x 1", "1 put x 2", "2 get x 2", "2 get x 1"],
        &["1 put x 1", "1 put x 2", "2 get x 2", "3 get x 1"],
    ),
    (
        "monotonic-writes",
        &["1 put x 1", "1 put y 2", "2 get y 2", "2 get x -"],
        &["1 put x 1", "1 put y 2", "2 get y -", "2 get x 1"],
    ),
    (
        "read-your-writes",
        &["1 put x 1", "1 get x -"],
        &["1 put x 1", "2 get x -"],
    ),
    (
        "writes-follow-reads",
        &[
            "1 put x 1",
            "2 get x 1",
            "2 put y 2",
            "3 get y 2",
            "3 get x -",
        ],
        &[
            "1 put x 1",
            "2 get x 1",
            "2 put y 2",
            "3 get y -",
            "3 get x 1",
        ],
    ),
    (
        "bounded-staleness=49ns",
        &[
            "1 put x 1",
            "1 put x 2",
            "3 put y 1",
            "3 put y 2",
            "2 get x 1",
        ],
        &["1 put x 1", "1 put x 2", "3 put y 1", "2 get x 1"],
    ),
    (
        "linearizable",
        &["1 put x 1", "2 get x -"],
        &["1 put x 1", "2 get x 1"],
    ),
];

/// The names of the levels that there are, as the program says them.
fn known() -> Vec<String> {
    let said = omnisim(["check", "-", "--model=kv", "--consistency=none-such"]);
    let (_, names) = said.err.split_once("known levels are ").expect("a list");
    let (names, _) = names.split_once("=DURATION").expect("its end");
    let names = names.split(", ").flat_map(|name| name.split(" and "));
    names.map(str::to_owned).collect()
}

#[test]
fn every_level_has_a_history_that_breaks_it_and_one_that_does_not() {
    let folder = Folder::new();
    let known = known();
    assert_eq!(known.len(), LEVELS.len());
    for name in known {
        let named = |(level, ..): &(&str, _, _)| level.split('=').next() == Some(&name);
        assert!(LEVELS.iter().any(named), "there is no history of {name}");
    }
    for (level, broken, kept) in LEVELS {
        let broken = folder.write("broken.jsonl", &history(broken));
        let kept = folder.write("kept.jsonl", &history(kept));
        let flag = format!("--consistency={level}");
        let said = omnisim(arguments![
            "check", broken, kept, "--model", "kv", "--format", "json", flag
        ]);
        assert_eq!(said.code, Some(1), "{level}: {said:?}");
        let told = said.objects();
        let verdicts = [&told[0]["verdict"], &told[1]["verdict"]];
        assert_eq!(verdicts, ["violation", "consistent"], "{level}: {said:?}");
        assert_eq!(told[0]["consistency"], level);
        let operations = told[0]["violation"]["operations"].as_array();
        assert!(!operations.unwrap().is_empty(), "{level}: {said:?}");
        let is_session = level.contains("reads") || level.contains("writes");
        assert_eq!(told[0]["write_order"].is_string(), is_session, "{level}");
    }
}

#[test]
fn writes_in_real_time_leave_less_room_for_reads() {
    let folder = Folder::new();
    // Two clients wrote, one after the other: without a promise, either may have won.
    let back = ["1 put x 1", "2 put x 2", "3 get x 2", "3 get x 1"];
    let back = folder.write("back.jsonl", &history(&back));
    for (order, code) in [("program", 0), ("real-time", 1)] {
        let said = omnisim(arguments![
            "check",
            back,
            "--model",
            "kv",
            "--consistency",
            "monotonic-reads",
            "--write-order",
            order
        ]);
        assert_eq!(said.code, Some(code), "{order}: {said:?}");
    }
}

#[test]
fn who_wrote_a_repeated_value_is_unknown_and_said_so() {
    let folder = Folder::new();
    let twice = [
        "1 put x 1",
        "1 put y 2",
        "3 put y 2",
        "2 get y 2",
        "2 get x -",
        "4 put z 1",
        "5 get z 1",
        "5 put x 3",
        "4 get x -",
        "4 get z -",
    ];
    let twice = folder.write("twice.jsonl", &history(&twice));
    let said = omnisim(arguments![
        "check",
        twice,
        "--model",
        "kv",
        "--consistency",
        "monotonic-writes"
    ]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.out.contains("written more than once"), "{said:?}");
}

#[test]
fn a_level_that_is_none_ends_with_2_and_the_levels_that_are() {
    let folder = Folder::new();
    let kept = folder.write("kept.jsonl", &history(&["1 put x 1"]));
    for (wrong, right) in [
        ("eventual", "monotonic-reads"),
        ("bounded-staleness", "bounded-staleness=50ms"),
        ("bounded-staleness=soon", "soon"),
    ] {
        let said = omnisim(arguments![
            "check",
            kept,
            "--model",
            "kv",
            "--consistency",
            wrong
        ]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(right), "{said:?}");
    }
    let said = omnisim(arguments![
        "check",
        kept,
        "--model",
        "kv",
        "--write-order",
        "program"
    ]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("guarantees of a session"), "{said:?}");
}

/// The levels that scenarios demand of runs, and whether each may be violated there.
fn demanded() -> Vec<(&'static str, bool)> {
    let folder = crate::common::package().join("scenarios/known_flaws");
    let scenarios = crate::common::files(&folder, "toml");
    let demanded = scenarios.iter().flat_map(|path| {
        let check = Scenario::load(path).expect("it is sound").check;
        let levels = check.consistency.levels().to_vec();
        let named = levels.into_iter().map(move |level| {
            let name = level.check();
            (name, check.expects(name))
        });
        named.collect::<Vec<_>>()
    });
    demanded.collect()
}

#[test]
fn every_level_is_demanded_of_runs_that_break_it_and_of_runs_that_keep_it() {
    let demanded = demanded();
    for (name, ..) in LEVELS {
        let check = name.parse::<Level>().expect("it is a level").check();
        let of = |broken: bool| demanded.contains(&(check, broken));
        // Linearizable runs are all those of the other scenarios.
        assert!(of(true), "no scenario breaks {check}");
        assert!(
            of(false) || check == "linearizability",
            "no scenario keeps {check}"
        );
    }
}

/// Local reads, of clients that stay at one replica, with this `[check]` table.
fn local_reads(folder: &Folder, check: &str) -> PathBuf {
    let path = crate::common::scenario_path("known_flaws/local_reads");
    let text = std::fs::read_to_string(path).expect("it is there");
    let (rest, _) = text.split_once("[check]").expect("it has such a table");
    folder.write("local_reads.toml", &format!("{rest}[check]\n{check}\n"))
}

#[test]
fn a_run_that_need_not_be_linearizable_need_not_keep_real_time() {
    let folder = Folder::new();
    for (demanded, code) in [
        (r#""linearizable""#, 1),
        (r#"["linearizable", "sequential"]"#, 1),
        (r#""sequential""#, 0),
        (r#""none""#, 0),
    ] {
        let scenario = local_reads(&folder, &format!("consistency = {demanded}"));
        let said = omnisim(arguments!["run", scenario, "--out", folder.path()]);
        assert_eq!(said.code, Some(code), "{demanded}: {said:?}");
    }
}

#[test]
fn a_search_judges_linearizability_unless_it_is_not_demanded_and_no_other_level() {
    let folder = Folder::new();
    let path = crate::common::scenario_path("model/stale_read");
    let text = std::fs::read_to_string(path).expect("it is there");
    for (check, code) in [
        ("", 0),
        ("without = [\"linearizability\"]", 1),
        ("consistency = \"none\"", 1),
        ("consistency = \"sequential\"", 2),
    ] {
        let scenario = folder.write("stale.toml", &format!("{text}\n[check]\n{check}\n"));
        let said = omnisim(arguments!["model", scenario, "--out", folder.path()]);
        // The scenario expects the violation, which does not come where nothing is demanded.
        assert_eq!(said.code, Some(code), "{check}: {said:?}");
        let is_refused = said.err.contains("check.consistency") && said.err.contains("none");
        assert_eq!(is_refused, code == 2, "{said:?}");
    }
}
