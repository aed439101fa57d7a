//! Notes of what is under way, in a file that outlives the process.
//!
//! A run may end the process: code under test calls `exit`, overflows its stack, or uses up the
//! memory. No handler of ours comes to run then, so each run is noted before it begins: one line
//! for each that runs at the same time, of fixed length and overwritten in place, which costs a
//! microsecond. Whoever uses the folder next finds the notes of a process that is gone.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Noted, Notes};
use crate::scenario::Scenario;

/// How the names of files with notes end.
const ENDING: &str = "under-way";
/// The length of a line, in bytes.
const LINE: usize = 128;

/// A file of notes, removed when it is dropped: what is over by then ended well.
#[derive(Debug)]
pub struct NotesFile {
    file: File,
    path: PathBuf,
    /// The folders that were made for it, the deepest first.
    made: Vec<PathBuf>,
}

/// A run that was under way when a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What it was.
    pub noted: Noted,
    /// The name of its scenario.
    pub scenario: String,
    /// Whether it is known to have hung.
    pub hangs: bool,
}

/// What stands before the key of a step where every schedule was searched.
const SEARCHED: &str = "search:";
/// What stands before a run that hung.
const HANGS: &str = "hangs ";

impl NotesFile {
    /// A file of notes in a folder; nothing where it cannot be written, which costs no verdict.
    pub fn create(folder: &Path) -> Option<Self> {
        let folders = folder.ancestors().filter(|one| !one.as_os_str().is_empty());
        let made = folders.take_while(|one| !one.exists());
        let made = made.map(Path::to_owned).collect();
        std::fs::create_dir_all(folder).ok()?;
        let path = folder.join(format!("{}.{ENDING}", std::process::id()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).open(&path);
        let notes = Self {
            file: file.ok()?,
            path,
            made,
        };
        // Held for as long as the process lives: notes without a lock are left behind.
        notes.file.try_lock().ok()?;
        Some(notes)
    }
}

impl Notes for NotesFile {
    fn note(&mut self, place: usize, what: Option<(&Scenario, Noted)>) {
        let text = what.map(|(scenario, noted)| match noted {
            Noted::Run(seed) => format!("{seed} {}", scenario.name),
            Noted::Search(key) => format!("{SEARCHED}{key:016x} {}", scenario.name),
        });
        self.write(place, &text.unwrap_or_default());
    }

    fn note_hang(&mut self, scenario: &Scenario, seed: u64) {
        // What could not be noted is tried again, and hangs again.
        let _ = self.file.set_len(0);
        self.write(0, &format!("{HANGS}{seed} {}", scenario.name));
    }
}

impl NotesFile {
    /// Writes the line of a place.
    fn write(&mut self, place: usize, text: &str) {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        let mut line = [b' '; LINE];
        let fits = |end: &usize| text.is_char_boundary(*end);
        let end = (0..=text.len().min(LINE - 1)).rev().find(fits);
        let end = end.unwrap_or_default();
        line[..end].copy_from_slice(&text.as_bytes()[..end]);
        line[LINE - 1] = b'\n';
        // A note that cannot be written is missing if the worst comes to the worst, no more.
        let at = SeekFrom::Start((place * LINE) as u64);
        let _ = self.file.seek(at).and_then(|_| self.file.write_all(&line));
    }
}

impl Drop for NotesFile {
    fn drop(&mut self) {
        // What cannot be removed is a nuisance, not a failure.
        let _ = std::fs::remove_file(&self.path);
        for folder in &self.made {
            // Removed only if nothing is in it.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scenario = &self.scenario;
        match self.noted {
            Noted::Run(seed) => write!(
                f,
                "{scenario}, seed {seed}: was under way when an earlier omnisim ended: it was \
                 killed, or this run ended it"
            ),
            Noted::Search(_) => write!(
                f,
                "{scenario}: its schedules were being taken when an earlier omnisim ended: it was \
                 killed, or code under test ended it"
            ),
        }
    }
}

/// Takes the notes of processes that are gone: what was under way in them.
pub fn take_left(folder: &Path) -> Vec<Left> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| take(path)).collect()
}

/// What is in one file, unless its process lives.
fn take(path: &Path) -> Vec<Left> {
    let Ok(file) = File::open(path) else {
        return Vec::new();
    };
    if file.try_lock().is_err() {
        return Vec::new();
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let _ = std::fs::remove_file(path);
    let runs = text.lines().filter_map(|line| {
        let hung = line.strip_prefix(HANGS);
        let (noted, scenario) = hung.unwrap_or(line).trim_end().split_once(' ')?;
        Some(Left {
            hangs: hung.is_some(),
            noted: match noted.strip_prefix(SEARCHED) {
                Some(key) => Noted::Search(u64::from_str_radix(key, 16).ok()?),
                None => Noted::Run(noted.parse().ok()?),
            },
            scenario: scenario.to_owned(),
        })
    });
    runs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let name = format!("omnisim-notes-{}-{name}", std::process::id());
        std::env::temp_dir().join(name)
    }

    fn named(name: &str) -> Scenario {
        Scenario {
            name: name.to_owned(),
            ..Scenario::default()
        }
    }

    #[test]
    fn what_is_under_way_when_a_process_ends_is_found_by_the_next() {
        let folder = folder("found");
        let mut notes = NotesFile::create(&folder).expect("it can be written");
        let long = "ä".repeat(LINE);
        notes.note(1, Some((&named(&long), Noted::Run(u64::MAX))));
        notes.note(0, Some((&named("hello"), Noted::Run(6))));
        notes.note(2, Some((&named("over"), Noted::Run(5))));
        notes.note(2, None);
        assert_eq!(take_left(&folder), [], "its process lives");
        notes.file.unlock().expect("it was locked");
        let left = take_left(&folder);
        assert_eq!(left.len(), 2, "{left:?}");
        assert_eq!(
            (left[0].noted, left[0].scenario.as_str()),
            (Noted::Run(6), "hello")
        );
        assert!(!left[0].hangs);
        assert_eq!(left[1].noted, Noted::Run(u64::MAX));
        assert!(long.starts_with(&left[1].scenario));
        assert_eq!(take_left(&folder), [], "told once");
        drop(notes);
        assert!(!folder.exists());
    }

    #[test]
    fn of_several_runs_the_one_that_hung_is_the_one_that_is_left() {
        let folder = folder("hung");
        let mut notes = NotesFile::create(&folder).expect("it can be written");
        notes.note(0, Some((&named("hello"), Noted::Run(6))));
        notes.note(1, Some((&named("stuck"), Noted::Run(7))));
        notes.note_hang(&named("stuck"), 7);
        notes.file.unlock().expect("it was locked");
        let left = take_left(&folder);
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].hangs && left[0].noted == Noted::Run(7) && left[0].scenario == "stuck");
        drop(notes);
    }

    #[test]
    fn notes_of_a_process_that_ends_well_leave_nothing_behind() {
        let folder = folder("well").join("made for them");
        let mut notes = NotesFile::create(&folder).expect("it can be written");
        notes.note(0, Some((&named("hello"), Noted::Run(6))));
        drop(notes);
        assert!(!folder.parent().expect("it has one").exists());
        assert_eq!(take_left(&folder), []);
    }

    #[test]
    fn a_folder_that_cannot_be_written_costs_nothing_but_the_notes() {
        assert!(NotesFile::create(Path::new("/proc/no/such/folder")).is_none());
    }
}
