//! Another OmniPaxos is tested by pointing cargo at it, with one flag.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::arguments;
use crate::common::{Folder, omnisim, package};
use serde_json::Value;

/// This workspace seen through links: cargo writes the patch down in the lock file,
/// and that of the workspace is to stay as it is.
fn workspace() -> Folder {
    let folder = Folder::new();
    let entries = std::fs::read_dir(package()).expect("the workspace can be read");
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let name = entry.file_name();
        let (from, to) = (entry.path(), folder.path().join(&name));
        match name.to_str() {
            Some("target" | ".git") => {}
            Some("Cargo.lock") => drop(std::fs::copy(from, to).expect("it can be copied")),
            _ => std::os::unix::fs::symlink(from, to).expect("links can be made"),
        }
    }
    folder
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).args(arguments).arg("--offline");
    let output = cargo.output().expect("cargo can be started");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {complaint}");
    output
}

/// The folder of the published library.
fn published() -> PathBuf {
    let rustc = Command::new("rustc").arg("-vV").output();
    let version = rustc.expect("there is a compiler").stdout;
    let version = String::from_utf8(version).expect("text");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let platform = host.expect("it names its host");
    let metadata = cargo(
        package(),
        &[
            "metadata",
            "--format-version",
            "1",
            "--filter-platform",
            platform,
        ],
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("JSON");
    let mut packages = metadata["packages"].as_array().expect("a list").iter();
    let library = packages.find(|package| package["name"] == "omnipaxos");
    let manifest = library.expect("it is a dependency")["manifest_path"].as_str();
    let manifest = Path::new(manifest.expect("a path"));
    manifest.parent().expect("a folder").to_owned()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("it can be read") {
        let entry = entry.expect("an entry");
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            std::fs::copy(&path, &copied).expect("a file can be copied");
        }
    }
}

/// A copy of the library that keeps its promises in memory only, and the flag that
/// makes cargo use it.
fn forgetful(folder: &Folder) -> (PathBuf, String) {
    let library = folder.path().join("omnipaxos-branch");
    copy(&published(), &library);
    let file = library.join("src/storage/internal_storage.rs");
    let text = std::fs::read_to_string(&file).expect("the library has it");
    let persists = "self.storage.set_promise(n_prom)";
    assert_eq!(text.matches(persists).count(), 1, "the line to break");
    std::fs::write(&file, text.replace(persists, "Ok(())")).expect("it can be written");
    let flag = format!("patch.crates-io.omnipaxos.path={:?}", library.display());
    (library, flag)
}

#[test]
fn one_flag_makes_everything_in_the_workspace_use_another_omnipaxos() {
    let workspace = workspace();
    let (library, flag) = forgetful(&workspace);
    let tree = cargo(
        workspace.path(),
        &["tree", "--workspace", "--prefix", "none", "--config", &flag],
    );
    let tree = String::from_utf8(tree.stdout).expect("text");
    let is_library = |line: &&str| line.starts_with("omnipaxos v");
    let used: Vec<_> = tree.lines().filter(is_library).collect();
    let place = format!("({})", library.display());
    assert!(used.len() >= 2, "the program and its storage: {tree}");
    assert!(used.iter().all(|line| line.contains(&place)), "{used:?}");
    assert!(
        !package().join("omnipaxos-branch").exists(),
        "the workspace itself is as it was"
    );
}

#[test]
#[ignore = "builds the program once more: several minutes"]
fn a_library_that_forgets_its_promises_is_caught_at_once_and_compared_with_this_one() {
    let workspace = workspace();
    let (_, flag) = forgetful(&workspace);
    let target = workspace.path().join("target");
    cargo(
        workspace.path(),
        &[
            "build",
            "--profile",
            "plain",
            "--config",
            &flag,
            "--target-dir",
            &target.display().to_string(),
        ],
    );
    let theirs = target.join("plain/omnisim");
    let out = Folder::new();
    let hunt = Command::new(&theirs)
        .args(["hunt", "--seeds", "0..1", "--quiet", "--no-shrink", "--out"])
        .arg(out.path())
        .output()
        .expect("it was built");
    let said = String::from_utf8_lossy(&hunt.stdout);
    assert_eq!(hunt.status.code(), Some(1), "{said}");
    assert!(said.contains("caught promise_durable"), "{said}");

    let mut names = out.names();
    names.retain(|name| name.ends_with(".repro.toml"));
    let repro = std::fs::read_to_string(out.path().join(&names[0]));
    let repro = repro.expect("the catch was kept");
    assert!(repro.contains("0.2.4 (path)"), "it says over what: {repro}");

    let compared = omnisim(arguments![
        "hunt",
        "--seeds",
        "0..3",
        "--quiet",
        "--against",
        theirs,
        "--out",
        out.path()
    ]);
    assert_eq!(compared.code, Some(1), "{compared:?}");
    assert!(compared.out.contains("promise_durable"), "{compared:?}");
}
