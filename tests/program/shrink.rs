//! A failing run shrinks to the choices that matter, and still fails.

use std::path::{Path, PathBuf};

use crate::arguments;
use crate::common::{Folder, Said, failing_run, omnisim, scenario_path};
use omnisim::repro::Repro;

fn shrink(repro: &Path, out: &Folder, jobs: &str) -> Said {
    omnisim(arguments![
        "shrink",
        repro,
        "--out",
        out.path(),
        "--jobs",
        jobs,
        "--format",
        "json"
    ])
}

#[test]
fn a_failure_of_thousands_of_events_becomes_one_that_a_person_reads() {
    for name in ["amnesia", "local_reads", "retry_without_dedup"] {
        let out = Folder::new();
        let repro = failing_run(&out, name);
        let said = shrink(&repro, &out, "2");
        assert_eq!(said.code, Some(0), "{said:?}");
        let object = &said.objects()[0];
        assert!(object["faults"].as_u64() <= Some(3), "{object}");
        assert!(object["operations"].as_u64() <= Some(10), "{object}");
        assert!(object["complete"] == true, "{object}");
        assert!(object["events_after"].as_u64() < object["events_before"].as_u64());

        let small = PathBuf::from(object["repro"].as_str().expect("a path"));
        let before = Repro::load(&repro).expect("the repro is sound").violation;
        let replayed = omnisim(arguments!["replay", small, "--trace"]);
        assert_eq!(replayed.code, Some(1), "the same violation: {replayed:?}");
        let check = before.expect("it failed").check;
        assert!(replayed.out.contains(&check), "{}", replayed.out);
        let at = |line: &&str| line.contains("s  ") && line.starts_with([' ', '*']);
        let lines = replayed.out.lines().take_while(at).count();
        assert!(lines <= 120, "{lines} lines:\n{}", replayed.out);
    }
}

#[test]
fn the_smallest_run_does_not_depend_on_how_many_run_at_once() {
    let small = |jobs| {
        let out = Folder::new();
        let repro = failing_run(&out, "amnesia");
        let object = shrink(&repro, &out, jobs).objects().remove(0);
        let small = PathBuf::from(object["repro"].as_str().expect("a path"));
        std::fs::read_to_string(small).expect("it was written")
    };
    assert_eq!(small("1"), small("2"));
}

#[test]
fn a_run_that_passes_is_not_shrunk() {
    let out = Folder::new();
    let path = scenario_path("smoke/hello");
    omnisim(arguments![
        "run",
        path,
        "--seed",
        "1",
        "--save",
        "--out",
        out.path()
    ]);
    let said = shrink(&out.path().join("hello-1.repro.toml"), &out, "1");
    assert_eq!(said.code, Some(5), "{said:?}");
    assert!(said.err.contains("does not show any violation"), "{said:?}");
    assert!(!out.path().join("hello-1.small.repro.toml").exists());
}

#[test]
fn another_violation_than_the_repro_tells_of_is_not_shrunk() {
    let out = Folder::new();
    let repro = failing_run(&out, "amnesia");
    let text = std::fs::read_to_string(&repro).expect("it was written");
    assert!(text.contains("check = \"agreement\""), "{text}");
    let other = text.replace("check = \"agreement\"", "check = \"log_bounds\"");
    let said = shrink(&out.write("other.repro.toml", &other), &out, "1");
    assert_eq!(said.code, Some(5), "{said:?}");
    said.complains(&["does not show the violation of log_bounds that its repro tells of"]);
    assert!(!out.path().join("other.small.repro.toml").exists());
}

#[test]
fn a_missing_or_broken_repro_is_bad_input() {
    let out = Folder::new();
    let said = shrink(&out.path().join("none.repro.toml"), &out, "1");
    assert_eq!(said.code, Some(2), "{said:?}");
    let broken = out.path().join("broken.repro.toml");
    std::fs::write(&broken, "seed = 1\n[scenario").expect("it can be written");
    let said = shrink(&broken, &out, "1");
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("broken.repro.toml:2"), "{said:?}");
}
