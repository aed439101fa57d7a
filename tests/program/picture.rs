//! A run as a picture: what `replay --picture` draws.

use std::path::{Path, PathBuf};

use crate::arguments;
use crate::common::{Folder, files, omnisim, package, scenario_path};

/// The picture of the README, with how it is made.
const STALE_READ: &str = "reports/stale-read.svg";

/// Seed 0 of local reads, made small.
fn stale_read(out: &Folder) -> PathBuf {
    let path = scenario_path("known_flaws/local_reads");
    let said = omnisim(arguments![
        "shrink",
        path,
        "--seed",
        "0",
        "--for",
        "10m",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    out.path().join("local_reads-0.small.repro.toml")
}

/// The picture of a run, and what is told of it.
fn drawn(repro: &Path, out: &Folder) -> (String, String) {
    let picture = out.path().join("picture.svg");
    let said = omnisim(arguments!["replay", repro, "--trace", "--picture", picture]);
    let picture = std::fs::read_to_string(&picture).expect("a picture was drawn");
    (picture, said.out)
}

/// The kept picture is what is drawn; if not, the new one is put where it can be looked at.
fn is_still(kept: &Path, picture: &str) {
    if std::fs::read_to_string(kept).is_ok_and(|kept| kept == picture) {
        return;
    }
    let name = kept.file_name().expect("it is a file");
    let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&new, picture).expect("the folder can be written");
    panic!(
        "{} is drawn otherwise now: look at {} and keep it if it is right",
        kept.display(),
        new.display()
    );
}

#[test]
fn the_picture_of_the_readme_is_what_is_drawn_today() {
    let out = Folder::new();
    let (picture, _) = drawn(&stale_read(&out), &out);
    is_still(&package().join(STALE_READ), &picture);
}

#[test]
fn the_pictures_of_the_findings_are_what_their_repros_draw_today() {
    let kept = files(&package().join("reports/findings"), "svg");
    assert!(!kept.is_empty(), "findings have pictures");
    for kept in kept {
        let out = Folder::new();
        let (picture, _) = drawn(&kept.with_extension("repro.toml"), &out);
        is_still(&kept, &picture);
    }
}

#[test]
fn everything_that_is_lost_is_told_and_drawn_and_so_is_everything_that_arrives() {
    let out = Folder::new();
    let (picture, told) = drawn(&stale_read(&out), &out);
    // The legend has one of each.
    let arrows = |class: &str| picture.matches(&format!("url(#{class})")).count() - 1;
    assert!(arrows("lost") > 0, "the isolated replica misses something");
    assert_eq!(arrows("lost"), told.matches(" -x ").count());
    let arrivals = told.lines().filter(|line| line.contains(" <- "));
    assert_eq!(arrows("peer") + arrows("client"), arrivals.count());
}

#[test]
fn the_operations_that_show_what_is_wrong_are_marked_in_trace_and_picture_and_no_others() {
    let out = Folder::new();
    let (picture, told) = drawn(&stale_read(&out), &out);
    let marked: Vec<_> = told.lines().filter(|line| line.starts_with('*')).collect();
    for part in [
        "-> r3 #4 put \"k0\"",
        "applies 1: c3#4",
        "-> r1 #5 get \"k0\"",
        "answers #5: ",
    ] {
        assert!(
            marked.iter().any(|line| line.contains(part)),
            "{part}: {marked:#?}"
        );
    }
    let is_about = |line: &&str| line.contains("#4") || line.contains("#5");
    assert!(marked.iter().all(is_about), "{marked:#?}");
    // The legend has one.
    let shaded = picture.matches("<rect class=\"mark\"").count() - 1;
    assert_eq!(shaded, marked.len(), "{marked:#?}");

    let passing = scenario_path("smoke/hello");
    let said = omnisim(arguments!["replay", passing, "--seed", "1", "--trace"]);
    assert!(!said.out.contains("\n*"), "nothing is wrong");
}

#[test]
fn a_long_run_shows_its_end_and_says_what_is_left_out() {
    let out = Folder::new();
    let picture = out.path().join("hello.svg");
    let path = scenario_path("smoke/hello");
    let said = omnisim(arguments![
        "replay",
        path,
        "--seed",
        "42",
        "--picture",
        picture
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("are left out"), "{said:?}");
    let drawn = std::fs::read_to_string(&picture).expect("a picture was drawn");
    assert!(drawn.len() < 1_000_000, "{} bytes", drawn.len());
}

#[test]
fn a_picture_that_cannot_be_written_is_an_error_of_its_own() {
    let out = Folder::new();
    let file = out.path().join("file");
    std::fs::write(&file, "in the way").expect("the folder can be written");
    let path = scenario_path("smoke/quiet");
    let picture = file.join("picture.svg");
    let said = omnisim(arguments![
        "replay",
        path,
        "--seed",
        "1",
        "--picture",
        picture
    ]);
    assert_eq!(said.code, Some(74), "{said:?}");
}
