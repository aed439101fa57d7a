//! How `omnisim run` ends: exit codes, what is printed, and what is kept.

use std::path::PathBuf;

use crate::arguments;
use crate::common::{Folder, Said, omnisim, program, scenario_path};

/// A known flaw, of which its scenario does not say that it fails.
fn surprising(texts: &Folder) -> PathBuf {
    let text = std::fs::read_to_string(scenario_path("known_flaws/local_reads"));
    let text = text.expect("it is there");
    let (tables, _) = text.split_once("[check]").expect("it says what it expects");
    texts.write("surprising.toml", tables)
}

#[test]
fn a_failure_is_told_once_and_one_seed_is_one() {
    let texts = Folder::new();
    let surprising = surprising(&texts);
    let said = omnisim(arguments![
        "run",
        surprising,
        "--seeds",
        "7..8",
        "--out",
        texts.path()
    ]);
    let failed = said.out.lines().last().expect("there is a verdict");
    assert!(
        failed.starts_with("FAILED surprising: ") && failed.ends_with(" failed in seed 7"),
        "{failed}"
    );
    let quiet = scenario_path("smoke/quiet");
    let both = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
        quiet,
        "--seed",
        "1"
    ]);
    assert!(both.out.contains("(1 seed, "), "{}", both.out);
}

#[test]
fn an_unexpected_violation_ends_with_1_and_is_told_with_its_repro() {
    let (out, texts) = (Folder::new(), Folder::new());
    let surprising = surprising(&texts);
    let said = omnisim(arguments![
        "run",
        surprising,
        "--seeds",
        "0..3",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("FAILED surprising"), "{}", said.out);
    assert!(
        said.out.contains("violation of ") && said.out.contains("omnisim replay "),
        "{}",
        said.out
    );
    let names = out.names();
    assert!(
        names.iter().any(|name| name.ends_with(".repro.toml")),
        "{names:?}"
    );
    assert!(
        names.iter().any(|name| name.ends_with(".history.jsonl")),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.ends_with(".tmp")),
        "{names:?}"
    );
}

#[test]
fn of_many_seeds_that_fail_the_first_are_told_in_full_and_kept_and_the_rest_are_listed() {
    let (out, texts) = (Folder::new(), Folder::new());
    let surprising = surprising(&texts);
    let file = surprising.display().to_string();
    let said = omnisim(arguments![
        "run",
        surprising,
        "--seeds",
        "0..9",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(
        said.out.matches("\n  repro     ").count(),
        3,
        "{}",
        said.out
    );
    let folder = out.path().display();
    for told in [
        format!(
            "\n  9 seeds are not as expected; repro files of the first of each kind are in {folder}\n    "
        ),
        " in 9 seeds: 0 1 2 3 4 5 6 7 8\n".to_owned(),
        format!(" replay {file} --seed N\n"),
    ] {
        assert!(said.out.contains(&told), "{told}:\n{}", said.out);
    }
    let mut repros = out.names();
    repros.retain(|name| name.ends_with(".repro.toml"));
    assert_eq!(repros.len(), 5, "{repros:?}");
    let json = omnisim(arguments![
        "run",
        texts.path().join("surprising.toml"),
        "--seeds",
        "8..9",
        "--format",
        "json",
        "--out",
        out.path()
    ]);
    let run = &json.objects()[0];
    assert_eq!(run["ended"], "unexpected");
    assert!(
        run["repro"].is_string() && run["shrink"].is_string(),
        "{run}"
    );
}

#[test]
fn how_often_a_planted_bug_acted_is_told_of_many_seeds_as_well() {
    let texts = Folder::new();
    let text = "workload.phases = [{ duration = \"1s\" }]\n\
                check = { expect = \"violation\", violates = [\"promise_durable\"] }\n\
                selftest.planted = \"promise-not-persisted\"\n";
    let planted = texts.write("planted.toml", text);
    let said = omnisim(arguments!["run", planted, "--seeds", "0..3"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let told = "\n  PLANTED   the bug promise-not-persisted acted ";
    assert!(said.out.contains(told), "{}", said.out);
    assert!(said.out.ends_with(" times in 3 seeds\n"), "{}", said.out);
}

#[test]
fn junit_is_one_document_whose_cases_are_seeds() {
    let (out, texts) = (Folder::new(), Folder::new());
    let said = omnisim(arguments![
        "run",
        surprising(&texts),
        scenario_path("smoke/quiet"),
        "--seeds",
        "0..2",
        "--format",
        "junit",
        "--quiet",
        "--out",
        out.path()
    ]);
    let failed = "FAILED surprising: applied_state failed in seeds 0, 1; linearizability failed in \
                  seeds 0, 1\n";
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(1), failed),
        "{said:?}"
    );
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"omnisim\" tests=\"6\" \
                failures=\"3\" errors=\"0\"";
    assert!(said.out.starts_with(head), "{}", said.out);
    assert_eq!(said.out.matches("<testsuite ").count(), 2, "{}", said.out);
    assert!(said.out.ends_with("</testsuites>\n"), "{}", said.out);
}

#[test]
fn an_expected_violation_that_does_not_come_in_all_its_seeds_ends_with_1_and_in_fewer_with_3() {
    let texts = Folder::new();
    let text = "[check]\nexpect = \"violation\"\nviolates = [\"agreement\"]\nseeds = 3\n";
    let promising = texts.write("promising.toml", text);
    let all = omnisim(arguments!["run", promising, "--out", texts.path()]);
    assert_eq!(all.code, Some(1), "{all:?}");
    let fewer = omnisim(arguments![
        "run",
        promising,
        "--seeds",
        "0..2",
        "--out",
        texts.path()
    ]);
    assert_eq!(fewer.code, Some(3), "{fewer:?}");
    assert!(fewer.out.contains("promised within 3"), "{}", fewer.out);
}

#[test]
fn a_required_event_that_never_occurs_ends_with_3() {
    let texts = Folder::new();
    let text = "[workload]\nphases = [{ duration = \"1s\" }]\n[check]\nrequire = [\"restart\"]\n";
    let said = omnisim(arguments!["run", texts.write("vacuous.toml", text)]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(
        said.out
            .contains("INCOMPLETE vacuous: restart never occurred"),
        "{}",
        said.out
    );
}

#[test]
fn a_search_that_reaches_its_budget_is_unknown_and_ends_with_3() {
    let texts = Folder::new();
    let text = "[workload]\nclients = 6\nphases = [{ duration = \"2s\", requests_per_sec = 50 }]\n\
                mix = { append = 1 }\n[check]\nsearch_steps = 1\n";
    let path = texts.write("exhausted.toml", text);
    let said = omnisim(arguments![
        "run",
        path,
        "--format",
        "json",
        "--out",
        texts.path()
    ]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert_eq!(said.objects()[0]["verdict"], "unknown");
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    use std::io::{BufRead, BufReader};
    let mut child = program(arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seeds",
        "0..40",
        "--format",
        "json"
    ])
    .spawn()
    .expect("the program can be started");
    let mut line = String::new();
    let output = child.stdout.take().expect("it is piped");
    BufReader::new(output)
        .read_line(&mut line)
        .expect("there is a line");
    assert!(line.starts_with('{'), "{line}");
    let said: Said = child.wait_with_output().expect("it ends").into();
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
}

#[test]
fn a_passing_run_needs_no_folder_and_leaves_none() {
    let out = Folder::new();
    let file = out.write("file", "not a folder");
    for below in [file.join("below"), out.path().join("new/below")] {
        let said = omnisim(arguments![
            "run",
            scenario_path("smoke/hello"),
            "--seed",
            "1",
            "--out",
            below
        ]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
        assert!(said.out.contains("PASS"), "{said:?}");
    }
    assert_eq!(out.names(), ["file"]);
}

#[test]
fn a_verdict_is_told_although_it_cannot_be_kept_and_the_flag_that_would_help_is_named() {
    let out = Folder::new();
    let below = out.write("file", "not a folder").join("below");
    let flaw = scenario_path("known_flaws/local_reads");
    let said = omnisim(arguments![
        "run", flaw, "--seeds", "0..3", "--save", "--out", below
    ]);
    assert_eq!(said.code, Some(74), "{said:?}");
    let verdict = "ok local_reads, applied_state in 3 of 3 seeds";
    assert!(said.out.contains(verdict), "{said:?}");
    let message = format!(
        "{}/local_reads-0.repro.toml: cannot be written",
        below.display()
    );
    said.complains(&[&message, "name another folder with --out"]);
    said.complains(&["3 runs could not be kept"]);
}
