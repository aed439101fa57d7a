//! Finds history files, and opens them.

use std::collections::BTreeSet;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use knossos::format::Format as HistoryFormat;

use super::clients;
use crate::repro::files as files_in;
use crate::search::SearchError;

/// The endings of histories in a folder.
const ENDINGS: [&str; 2] = ["jsonl", "edn"];

/// Endings that say nothing: such a file is a history if it looks like one.
const VAGUE_ENDINGS: [&str; 3] = ["log", "txt", "json"];

/// A history file, or standard input.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    /// Whether it was found beside a history: if it cannot be read, that is no error.
    pub(crate) is_beside: bool,
}

impl Found {
    fn named(path: PathBuf) -> Found {
        Found {
            path,
            is_beside: false,
        }
    }
}

/// Files beside histories, which hold something else.
const OTHERS: [&str; 3] = [".observations.jsonl", "results.edn", "test.edn"];

/// All histories in files and folders, those of a folder in the order of their names; in the
/// place of a path that gives none, the reason. `note` hears of files that were passed over.
pub(crate) fn find(
    paths: &[PathBuf],
    note: &mut dyn FnMut(String),
) -> Vec<Result<Found, SearchError>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(whole_run(path).map(|()| Found::named(path.clone())));
            continue;
        }
        match files_in(path, &is_candidate) {
            Err(error) => {
                let message = format!("{}: {error}", path.display());
                found.push(Err(SearchError::Input(message)));
            }
            Ok(candidates) => {
                let (histories, others): (Vec<_>, Vec<_>) = candidates
                    .into_iter()
                    .partition(|file| looks_like_one(file));
                if let Some(passed_over) = passed_over(&others) {
                    note(passed_over);
                }
                if histories.is_empty() {
                    found.push(Err(none_in(path)));
                }
                found.extend(beside_each_other(histories).map(Ok));
            }
        }
    }
    found
}

/// The histories of a folder. A log beside a history, as Jepsen leaves it, may be a log of
/// something else.
fn beside_each_other(histories: Vec<PathBuf>) -> impl Iterator<Item = Found> {
    let histories = clients::runs(histories);
    let sure: BTreeSet<_> = histories
        .iter()
        .filter(|path| has_ending(path, &ENDINGS))
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    histories.into_iter().map(move |path| Found {
        is_beside: !has_ending(&path, &ENDINGS)
            && path.parent().is_some_and(|folder| sure.contains(folder)),
        path,
    })
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    endings.contains(&&*ending)
}

/// Refuses the operations of one client where those of others stand beside them.
fn whole_run(path: &Path) -> Result<(), SearchError> {
    let Some(run) = clients::run_of(path) else {
        return Ok(());
    };
    match clients::files(run) {
        Ok(files) if files.len() > 1 => Err(SearchError::Input(format!(
            "{}: holds the operations of one client of {}; a history is those of all of them: \
             give the folder {}",
            path.display(),
            files.len(),
            run.display()
        ))),
        _ => Ok(()),
    }
}

fn none_in(folder: &Path) -> SearchError {
    SearchError::Input(format!(
        "{}: holds no history (*.{}, or *.{} with events)",
        folder.display(),
        ENDINGS.join(", *."),
        VAGUE_ENDINGS.join(", *.")
    ))
}

/// Which files were left out, in case one is a history that is damaged.
fn passed_over(files: &[PathBuf]) -> Option<String> {
    let [first, rest @ ..] = files else {
        return None;
    };
    let more = match rest.len() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(format!(
        "{}{more} was not taken for a history, and passed over; name a file to have it read",
        first.display()
    ))
}

/// Whether a file can be a history, by its name.
fn is_candidate(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_other = OTHERS.iter().any(|other| name.ends_with(other));
    !is_other && (has_ending(path, &ENDINGS) || has_ending(path, &VAGUE_ENDINGS))
}

/// Whether a file that can be one is a history.
fn looks_like_one(path: &Path) -> bool {
    has_ending(path, &ENDINGS) || has_events(path)
}

/// Whether a file begins with the events of clients.
fn has_events(path: &Path) -> bool {
    let mut head = Vec::new();
    let Ok(file) = File::open(path) else {
        return false;
    };
    let beginning = HistoryFormat::HEAD_BYTES as u64;
    if file.take(beginning).read_to_end(&mut head).is_err() {
        return false;
    }
    // Any JSON looks like operations: that is no history unless the file says so by its name.
    !matches!(
        HistoryFormat::of(&head),
        None | Some(HistoryFormat::JsonLines)
    )
}

/// Opens a history; `-` is standard input.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, SearchError> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    let refused = |error: std::io::Error| {
        let file = path.display();
        SearchError::Input(match error.kind() {
            ErrorKind::NotFound => format!("{file}: there is no such file"),
            _ => format!("{file}: {error}"),
        })
    };
    let metadata = std::fs::metadata(path).map_err(refused)?;
    if is_pipe(&metadata) && !is_descriptor(path) {
        return Err(SearchError::Input(format!(
            "{}: is a named pipe, and could be waited for without end; a history is read from a \
             file, or from standard input as `-`",
            path.display()
        )));
    }
    if metadata.is_dir() {
        return clients::open(path).map_err(refused);
    }
    Ok(Box::new(File::open(path).map_err(refused)?))
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Whether the path names something that is open already, as a shell's `<(command)` does.
fn is_descriptor(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}
