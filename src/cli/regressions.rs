//! What was found before is looked at first.

use std::path::{Path, PathBuf};

use super::Exit;
use super::run::find;
use super::source::Source;
use crate::report::{Build, Repro};
use crate::search::{Signature, Systems};
use crate::world::RunOptions;

/// Runs every repro file in the folder and below it, and says of each whether its
/// violation still comes. One that is no known finding counts as caught.
pub(super) fn run(folder: &Path, systems: Systems<'static>, quiet: bool) -> Result<Exit, Exit> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let mut exit = Exit::OK;
    for file in &files {
        let repro = match Repro::load(file) {
            Ok(repro) => repro,
            Err(error) => {
                say!("{error}: left out");
                continue;
            }
        };
        exit = exit.worse(again(file, &repro, systems, quiet)?);
    }
    Ok(exit)
}

fn again(file: &Path, repro: &Repro, systems: Systems<'static>, quiet: bool) -> Result<Exit, Exit> {
    let Some(wanted) = &repro.violation else {
        return Ok(Exit::OK);
    };
    let source = Source {
        path: file.to_owned(),
        text: String::new(),
        scenario: repro.scenario.clone(),
    };
    let Ok(runner) = find(systems, &source) else {
        // Of a system that another binary has.
        return Ok(Exit::OK);
    };
    let options = RunOptions {
        plan: repro.plan().map_err(|(_, message)| Exit::usage(message))?,
        ..RunOptions::default()
    };
    let outcome = runner
        .run(&repro.scenario, repro.seed, options)
        .map_err(|(key, message)| {
            Exit::usage(format!("{}: cluster.{key}: {message}", file.display()))
        })?;
    let mut violations = outcome.violations.iter();
    let same = violations
        .find(|violation| violation.check == wanted.check && violation.class == wanted.class);
    let file = file.display();
    let Some(violation) = same else {
        say!(
            "{file}: {} does not come any more: mended, or out of its reach",
            wanted.check
        );
        return Ok(Exit::OK);
    };
    let changed = format!("{:#018x}", outcome.digest) != repro.digest;
    let how = match (changed, repro.build == Build::current()) {
        (false, _) => "step for step",
        (true, true) => "by other steps: the code changed",
        (true, false) => "by other steps: it was made by another build",
    };
    let signature = Signature::of(violation);
    let is_expected =
        signature.finding.is_some() || repro.scenario.check.violates.contains(&wanted.check);
    if !quiet || !is_expected {
        say!("{file}: still shows {signature}, {how}");
    }
    Ok(if is_expected {
        Exit::OK
    } else {
        Exit::VIOLATION
    })
}

/// Repro files; a folder that is not there holds none.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.to_string_lossy().ends_with(".repro.toml") {
            files.push(path);
        }
    }
}
