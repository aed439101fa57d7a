//! The histories that are measured: generated ones, and files.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Duration;

use knossos::format::json_lines;
use knossos::models::kv::KeyValue;

use crate::generate::{KvOperation, REGISTER, Shape};

/// Which promise a case belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Values written once, read and written.
    Distinct,
    /// Anything else.
    General,
    /// A file.
    Recorded,
}

/// A history by its name.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) family: Family,
    source: Source,
}

enum Source {
    Generated(Shape),
    Recorded(PathBuf),
}

impl Case {
    /// The operations.
    pub(crate) fn history(&self) -> Vec<KvOperation> {
        match &self.source {
            Source::Generated(shape) => shape.generate(1),
            Source::Recorded(path) => {
                let file = BufReader::new(File::open(path).expect("the file can be read"));
                json_lines::read(&KeyValue, file).expect("the file is a history")
            }
        }
    }

    /// How long it may take to have the history.
    pub(crate) fn preparation(&self) -> Duration {
        match &self.source {
            Source::Generated(shape) => Duration::from_millis(500 + shape.operations as u64 / 100),
            Source::Recorded(_) => Duration::from_secs(2),
        }
    }
}

/// All of them. Files come from the tests of the crate and from the folder that the
/// environment variable `HISTORIES` names.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let plain = Shape {
        operations: 0,
        clients: 64,
        keys: 1,
        values: None,
        mix: REGISTER,
        unknown_per_mille: 0,
        is_stale: false,
    };
    for (operations, clients, keys) in [
        (100, 4, 1),
        (1_000, 4, 1),
        (1_000, 16, 1),
        (1_000, 64, 1),
        (10_000, 4, 1),
        (10_000, 64, 1),
        (100_000, 64, 1),
        (1_000_000, 64, 1),
        (100_000, 64, 100),
    ] {
        for (unknown_per_mille, is_stale) in [(0, false), (0, true), (100, false)] {
            let shape = Shape {
                operations,
                clients,
                keys,
                unknown_per_mille,
                is_stale,
                ..plain
            };
            cases.push(generated(Family::Distinct, "register", shape));
        }
    }
    let distinct: [(&str, [u64; 5]); 3] = [
        ("delete", [50, 40, 10, 0, 0]),
        ("cas", [40, 30, 0, 0, 30]),
        ("append", [50, 0, 0, 50, 0]),
    ];
    for (name, mix) in distinct {
        for clients in [4, 16, 64] {
            for is_stale in [false, true] {
                // What is appended is read again and again, so its length is squared.
                let operations = if name == "append" { 1_000 } else { 10_000 };
                let unknown_per_mille = 10;
                let shape = Shape {
                    operations,
                    clients,
                    mix,
                    unknown_per_mille,
                    is_stale,
                    ..plain
                };
                cases.push(generated(Family::General, name, shape));
            }
        }
    }
    for (name, mix) in [("repeated", REGISTER), ("repeated-cas", [40, 30, 0, 0, 30])] {
        for clients in [4, 8, 16, 64] {
            for is_stale in [false, true] {
                let values = Some(5);
                let (operations, unknown_per_mille) = (1_000, 10);
                let shape = Shape {
                    operations,
                    clients,
                    mix,
                    values,
                    unknown_per_mille,
                    is_stale,
                    ..plain
                };
                cases.push(generated(Family::General, name, shape));
            }
        }
    }
    let folders = [
        Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/histories")),
        std::env::var_os("HISTORIES").map(PathBuf::from),
    ];
    for folder in folders.into_iter().flatten() {
        cases.extend(recorded(&folder));
    }
    cases
}

fn generated(family: Family, name: &str, shape: Shape) -> Case {
    let Shape {
        operations,
        clients,
        keys,
        unknown_per_mille,
        ..
    } = shape;
    let keys = if keys == 1 {
        String::new()
    } else {
        format!(", {keys} keys")
    };
    let unknown = if unknown_per_mille == 0 {
        String::new()
    } else {
        format!(", {}% unknown", unknown_per_mille / 10)
    };
    let stale = if shape.is_stale { ", stale read" } else { "" };
    Case {
        name: format!("{name}: {operations} operations, {clients} clients{keys}{unknown}{stale}"),
        family,
        source: Source::Generated(shape),
    }
}

fn recorded(folder: &Path) -> Vec<Case> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    paths.sort();
    let case = |path: PathBuf| Case {
        name: path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned(),
        family: Family::Recorded,
        source: Source::Recorded(path),
    };
    paths.into_iter().map(case).collect()
}
