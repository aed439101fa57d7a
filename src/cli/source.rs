//! Finds scenario files.

use std::path::{Path, PathBuf};

use super::Exit;
use crate::scenario::Scenario;

/// A scenario and the file it came from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) scenario: Scenario,
}

/// Reads all scenarios in files and folders, in the order of their paths.
pub(super) fn load(paths: &[PathBuf]) -> Result<Vec<Source>, Exit> {
    let mut sources = Vec::new();
    for path in paths {
        let mut files = Vec::new();
        if path.is_dir() {
            collect(path, &mut files)?;
            files.sort();
            if files.is_empty() {
                return Err(Exit::usage(format!(
                    "{}: holds no scenario (*.toml)",
                    path.display()
                )));
            }
        } else {
            files.push(path.clone());
        }
        for path in files {
            let scenario = Scenario::load(&path)?;
            sources.push(Source { path, scenario });
        }
    }
    Ok(sources)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Exit> {
    let failed = |error| Exit::usage(format!("{}: {error}", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
