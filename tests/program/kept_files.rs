//! Which runs leave files: those that surprise. What is expected comes again whenever it is
//! run again, and its command says how.

use std::process::Command;

use crate::arguments;
use crate::common::{Folder, Said, omnisim, package, scenario_path};
use omnisim::repro::write_atomically;

fn local_reads(out: &Folder, more: &[&str]) -> Said {
    let path = scenario_path("known_flaws/local_reads");
    let mut arguments = arguments!["run", path, "--out", out.path()].to_vec();
    arguments.extend(more.iter().map(Into::into));
    omnisim(arguments)
}

/// What a line of a failure says behind its name.
fn said_of<'a>(said: &'a Said, name: &str) -> &'a str {
    let mut lines = said.out.lines().map(str::trim_start);
    lines
        .find_map(|line| line.strip_prefix(name).map(str::trim_start))
        .unwrap_or_else(|| panic!("{name} is not said in:\n{}", said.out))
}

/// Runs what was printed, in a shell.
fn shell(command: &str, out: &Folder) -> Said {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(out.path());
    shell.output().expect("there is a shell").into()
}

#[test]
fn expected_violations_leave_nothing_that_a_hunt_would_complain_of() {
    let out = Folder::new();
    let folder = package().join("scenarios/known_flaws");
    let said = omnisim(arguments![
        "run",
        folder,
        "--seeds",
        "0..5",
        "--out",
        out.path()
    ]);
    assert!(said.out.contains("ok local_reads"), "{said:?}");
    assert_eq!(out.names(), [""; 0], "{said:?}");
    let hunt = omnisim(arguments![
        "hunt",
        scenario_path("smoke/quiet"),
        "--seeds",
        "0..1",
        "--out",
        out.path()
    ]);
    assert_eq!((hunt.code, hunt.err.as_str()), (Some(0), ""), "{hunt:?}");
}

#[test]
fn an_expected_violation_prints_the_commands_that_show_it_again_and_make_it_small() {
    let out = Folder::new();
    let said = local_reads(&out, &["--seed", "0"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(out.names(), [""; 0], "nothing is kept");
    assert!(!said.out.contains("\n  repro "), "{}", said.out);

    let again = shell(said_of(&said, "replay "), &out);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(
        again.out.contains(said_of(&said, "digest ")),
        "the same steps: {}",
        again.out
    );
    let smaller = shell(&format!("{} --for 1s", said_of(&said, "shrink ")), &out);
    assert_eq!(smaller.code, Some(0), "{smaller:?}");
    let small = out.path().join("reports/local_reads-0.small.repro.toml");
    let replayed = omnisim(arguments!["replay", small]);
    assert_eq!(replayed.code, Some(1), "{replayed:?}");
}

#[test]
fn an_expected_violation_is_kept_when_that_is_asked_for() {
    let out = Folder::new();
    let said = local_reads(&out, &["--seed", "0", "--save"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let kept = ["history.jsonl", "observations.jsonl", "repro.toml"];
    assert_eq!(out.names(), kept.map(|end| format!("local_reads-0.{end}")));
    let repro = out.path().join("local_reads-0.repro.toml");
    let commands = [
        ("repro ", ""),
        ("replay ", "replay "),
        ("shrink ", "shrink "),
    ];
    for (name, command) in commands {
        let wanted = format!("{command}{}", repro.display());
        assert!(said_of(&said, name).ends_with(&wanted), "{}", said.out);
    }
}

#[test]
fn times_in_messages_are_the_seconds_of_the_trace() {
    let said = local_reads(&Folder::new(), &["--seed", "0"]);
    let violation = "violation of linearizability ";
    let line = said.out.lines().find(|line| line.starts_with(violation));
    let line = line.unwrap_or_else(|| panic!("{}", said.out));
    assert!(
        line.contains(" (from 0.270728s to 0.273000s) ") && !line.contains(" ns"),
        "{line}"
    );
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "writers that know nothing of each other"
)]
fn of_many_who_write_one_file_at_the_same_time_each_succeeds_and_one_is_last() {
    let folder = Folder::new();
    let path = folder.path().join("same.toml");
    let content = |writer: u8| vec![b'a' + writer; 10_000];
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let path = &path;
            scope.spawn(move || {
                for _ in 0..20 {
                    write_atomically(path, &content(writer)).expect("the folder is there");
                }
            });
        }
    });
    let left = std::fs::read(&path).expect("somebody wrote it");
    assert_eq!(left, content(left[0] - b'a'), "it is whole");
    assert_eq!(
        folder.names(),
        ["same.toml"],
        "no half-written file is left"
    );
}
