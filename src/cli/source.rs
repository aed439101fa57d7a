//! Finds scenario files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Exit;
use super::program::program;
use crate::report::replay_command;
use crate::repro::{Repro, Source, files as files_in};
use crate::scenario::{Scenario, read_text};

/// Reads all scenarios in files and folders, in the order of their paths. Those
/// of one name are told apart by their folders, because files are named after them.
pub(super) fn load(paths: &[PathBuf]) -> Result<Vec<Source>, Exit> {
    let mut sources = Vec::new();
    for path in paths {
        let mut files = vec![path.clone()];
        if path.is_dir() {
            let is_toml = |path: &Path| path.extension().is_some_and(|ending| ending == "toml");
            files = files_in(path, &is_toml)
                .map_err(|error| Exit::usage(format!("{}: {error}", path.display())))?;
            if files.is_empty() {
                return Err(Exit::usage(format!(
                    "{}: holds no scenario (*.toml)",
                    path.display()
                )));
            }
        }
        for path in files {
            sources.push(read(path)?);
        }
    }
    tell_apart(&mut sources);
    Ok(sources)
}

/// The scenario of a file.
pub(super) fn one(path: &Path) -> Result<Source, Exit> {
    if path.is_dir() {
        let message = format!("{}: is a folder; name one scenario", path.display());
        return Err(Exit::usage(message));
    }
    let mut sources = load(std::slice::from_ref(&path.to_owned()))?;
    Ok(sources.pop().expect("a file is one scenario"))
}

/// Reads all scenarios that are run: in folders, those with a `[model]` table are
/// for `omnisim model`, and are left out.
pub(super) fn load_runs(paths: &[PathBuf]) -> Result<Vec<Source>, Exit> {
    let mut sources = load(paths)?;
    sources.retain(|source| source.scenario.model.is_none() || paths.contains(&source.path));
    if sources.is_empty() {
        let message = "there are only scenarios with a [model] table: use omnisim model";
        return Err(Exit::usage(message));
    }
    Ok(sources)
}

fn read(path: PathBuf) -> Result<Source, Exit> {
    let text = read_text(&path)?;
    if Repro::is_repro(&text) {
        return Err(Exit::usage(format!(
            "{}: is a repro file, not a scenario: use {}",
            path.display(),
            replay_command(&program(), &path, None)
        )));
    }
    let scenario = Scenario::of_file(&path, &text)?;
    Ok(Source {
        path,
        text,
        scenario,
    })
}

/// Puts folders before the names of different files that have the same one, as
/// few as it takes.
fn tell_apart(sources: &mut [Source]) {
    let whole = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let files: Vec<_> = sources.iter().map(|source| whole(&source.path)).collect();
    let deepest = files.iter().map(|file| file.components().count()).max();
    for folders in 1..deepest.unwrap_or(0) {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, source) in sources.iter().enumerate() {
            let name = source.scenario.name.clone();
            by_name.entry(name).or_default().push(place);
        }
        let is_shared =
            |places: &Vec<usize>| places.iter().any(|place| files[*place] != files[places[0]]);
        let shared: Vec<_> = by_name.into_values().filter(is_shared).flatten().collect();
        if shared.is_empty() {
            return;
        }
        for place in shared {
            sources[place].scenario.name = name_with(&files[place], folders);
        }
    }
}

/// The file's name without its ending, after the names of its last `folders`.
fn name_with(file: &Path, folders: usize) -> String {
    let stem = file.with_extension("");
    let parts: Vec<_> = stem
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .filter(|part| part != "/")
        .collect();
    let from = parts.len().saturating_sub(folders + 1);
    parts[from..].join("-")
}
