//! A shrink that is killed, or stopped by a signal, leaves the best so far: a repro file that is
//! whole, and shows the same violation.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use crate::arguments;
use crate::common::{Folder, failing_run, omnisim, program, scenario_path};
use omnisim::repro::Repro;

#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(1));
}

/// A schedule that breaks something, far longer than it has to be.
fn winding(out: &Folder) -> PathBuf {
    let path = scenario_path("model/stale_read");
    let model = arguments![
        "model",
        path,
        "--search",
        "depth-first",
        "--out",
        out.path(),
        "--quiet"
    ];
    let said = omnisim(model);
    let repro = out.path().join("stale_read-schedule.repro.toml");
    assert!(repro.exists(), "{said:?}");
    repro
}

/// Shrinks without end to speak of, until there is a smaller one.
fn shrinking(repro: &Path, out: &Folder) -> (Child, PathBuf) {
    let name = repro.file_name().expect("it has a name").to_string_lossy();
    let small = out.path().join(name.replace(".repro.", ".small.repro."));
    let shrink = arguments![
        "shrink",
        repro,
        "--for",
        "60m",
        "--jobs",
        "1",
        "--quiet",
        "--out",
        out.path()
    ];
    let child = program(shrink).spawn().expect("it can be started");
    while !small.exists() {
        pause();
    }
    (child, small)
}

/// What is left replays: the violation comes, step for step.
#[track_caller]
fn replays(small: &Path) {
    let again = omnisim(arguments!["replay", small]);
    assert_eq!((again.code, again.err.as_str()), (Some(1), ""), "{again:?}");
}

#[test]
fn a_killed_shrink_leaves_the_best_so_far_which_replays() {
    let folder = Folder::new();
    let repro = failing_run(&folder, "amnesia");
    let before = Repro::load(&repro).expect("it is sound");
    // At the first smaller one, and some time later.
    for pauses in [0, 700] {
        let out = Folder::new();
        let (mut child, small) = shrinking(&repro, &out);
        for _ in 0..pauses {
            pause();
        }
        child.kill().expect("it was started");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), None, "it was killed before its end");
        let after = Repro::load(&small).expect("what is left is whole");
        let check = |repro: &Repro| {
            let violation = repro.violation.as_ref();
            violation.map(|violation| violation.check.clone())
        };
        assert_eq!(check(&after), check(&before));
        replays(&small);
        let mut others = out.names();
        others.retain(|name| !name.ends_with(".small.repro.toml"));
        // What was under way is noted, for the next program that uses the folder.
        others.retain(|name| !name.ends_with(".under-way"));
        assert!(others.is_empty(), "nothing else is left: {others:?}");
    }
}

#[test]
fn a_shrink_that_a_signal_stops_tells_of_the_best_so_far_and_keeps_it() {
    let folder = Folder::new();
    let repro = failing_run(&folder, "amnesia");
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let out = Folder::new();
        let (child, small) = shrinking(&repro, &out);
        let kill = format!("kill -{signal} {}", child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("there is a shell").success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let told = String::from_utf8(output.stdout).expect("it speaks UTF-8");
        assert!(told.contains("stopped before its end"), "{told}");
        replays(&small);
    }
}

#[test]
fn a_killed_shrink_of_a_schedule_leaves_the_best_so_far_which_replays() {
    let folder = Folder::new();
    let repro = winding(&folder);
    let read = |path: &Path| Repro::load(path).expect("it is whole");
    let actions = |repro: &Repro| repro.schedule().map(<[String]>::len);
    let before = read(&repro);
    let (mut child, small) = shrinking(&repro, &folder);
    // It may be over already: what is left then is the end.
    let _ = child.kill();
    child.wait().expect("it ends");
    let after = read(&small);
    assert!(actions(&after) < actions(&before) && actions(&after).is_some());
    assert_eq!(
        after.violation.map(|one| one.check),
        before.violation.map(|one| one.check)
    );
    replays(&small);
}
