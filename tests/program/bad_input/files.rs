//! Files and folders that are no scenarios.

use crate::arguments;
use crate::common::{Folder, omnisim, scenario_path};

#[test]
fn a_link_that_leads_back_to_its_folder_is_not_followed() {
    let folder = Folder::new();
    folder.write("one.toml", "about = \"a scenario\"\n");
    for name in ["a", "b"] {
        let link = std::os::unix::fs::symlink(folder.path(), folder.path().join(name));
        link.expect("links can be made");
    }
    let said = omnisim(arguments!["scenarios", folder.path()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_into_is_refused_and_not_waited_for() {
    let folder = Folder::new();
    let pipe = folder.path().join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is a mkfifo").success());
    for command in ["run", "replay"] {
        let said = omnisim(arguments![command, pipe]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&["is no regular file"]);
    }
}

#[test]
fn a_bad_scenario_beside_a_good_one_stops_both_before_anything_is_run() {
    let (texts, out) = (Folder::new(), Folder::new());
    let bad = texts.write("bad.toml", "nonsense\n");
    let good = scenario_path("smoke/hello");
    let said = omnisim(arguments!["run", good, bad, "--save", "--out", out.path()]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    assert!(out.names().is_empty(), "{:?}", out.names());
}

#[test]
fn a_file_or_folder_that_is_not_there_or_empty_is_said_so() {
    let empty = Folder::new();
    let missing = empty.path().join("missing.toml");
    for (arguments, message) in [
        (
            arguments!["run", missing],
            "missing.toml: there is no such file",
        ),
        (
            arguments!["replay", missing],
            "missing.toml: there is no such file",
        ),
        (arguments!["run", empty.path()], "holds no scenario"),
    ] {
        let said = omnisim(arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[message]);
    }
}
