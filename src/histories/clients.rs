//! Runs of etcd's robustness tests: a folder with `client-N/operations.json` for each client.
//!
//! What one client saw is no history without what the others wrote, so that the files of a run
//! are read as one.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// The file in the folder of each client.
const OPERATIONS: &str = "operations.json";

/// The folder of the run that the file belongs to, if it holds the operations of one client.
pub(super) fn run_of(file: &Path) -> Option<&Path> {
    let client = file.parent()?;
    let is_part = file.file_name()? == OPERATIONS
        && client.file_name()?.to_string_lossy().starts_with("client-");
    let run = client.parent()?;
    is_part.then_some(if run == Path::new("") {
        Path::new(".")
    } else {
        run
    })
}

/// The files of a run, in the order of their names.
pub(super) fn files(run: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(run)? {
        let file = entry?.path().join(OPERATIONS);
        if run_of(&file).is_some() && file.is_file() {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

/// The same histories, the files of each run as its folder.
pub(super) fn runs(histories: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for file in histories {
        match run_of(&file) {
            None => all.push(file),
            Some(run) => {
                if seen.insert(run.to_owned()) {
                    all.push(run.to_owned());
                }
            }
        }
    }
    all
}

/// The files of a run, one after another.
pub(super) fn open(run: &Path) -> std::io::Result<Box<dyn Read>> {
    let mut all: Box<dyn Read> = Box::new(std::io::empty());
    for file in files(run)? {
        all = Box::new(all.chain(File::open(file)?).chain(Cursor::new("\n")));
    }
    Ok(all)
}
