//! A picture of a history: one HTML file that needs nothing else.
//!
//! It shows the operations of one key over time, a lane for each client: of a violation, the
//! operations that contradict each other and what is near them, the order of what was possible
//! before, where it stops and why; of a consistent history, the order that makes it so. Drag,
//! zoom and search by mouse, touch or keyboard; light or dark as the reader's system is. At
//! most a thousand operations are shown, texts are cut, and the file stays below 2 MB whatever
//! the history. The same arguments give the same file.
//!
//! ```
//! use knossos::models::register::{Input, Output, Register};
//! use knossos::{Limits, Operation, check, picture};
//!
//! let history = [
//!     Operation::completed(1, Input::Write("a".into()), Output::Done, 0, 10),
//!     Operation::completed(2, Input::Read, Output::Value(None), 20, 30),
//! ];
//! let report = check(&Register, &history, None, &Limits::none());
//! let bands = vec![picture::Band {
//!     name: "partition".into(),
//!     detail: "client 2 is alone".into(),
//!     from: 5,
//!     until: Some(25),
//! }];
//! let options = picture::Options { title: "a stale read".into(), bands, ..Default::default() };
//! let page = picture::html(&Register, &history, &report, &options);
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! ```

mod data;
mod options;
mod page;
mod scene;
mod window;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::explain::order_within;
use crate::model::{Model, OperationOf};
use crate::report::{Report, Verdict};

pub use options::{Band, Options};
use scene::Scene;

/// The HTML page that shows what was found about the history.
///
/// # Panics
///
/// When the report names operations that the history does not have: it is another's.
#[must_use]
pub fn html<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    report: &Report,
    options: &Options,
) -> String {
    let violation = match &report.verdict {
        Verdict::Violation(violation) => Some(&**violation),
        Verdict::Consistent | Verdict::Unknown { .. } => None,
    };
    let (key, part) = match violation {
        Some(violation) => part_of(model, history, violation.partition.as_deref()),
        None => match &options.key {
            Some(key) => part_of(model, history, Some(key)),
            None => largest_part(model, history),
        },
    };
    let order = match &report.verdict {
        // What is no order in real time has no points in time.
        _ if !options.is_about_linearizability() => None,
        Verdict::Violation(violation) => Some(violation.explained.clone()),
        Verdict::Consistent => order_within(model, history, &part),
        Verdict::Unknown { .. } => None,
    };
    let scene = Scene {
        model,
        history,
        report,
        violation,
        key,
        part,
        order,
    };
    page::render(&scene.data(options))
}

/// The operations of a key in order of their calls; all of the history without a key.
fn part_of<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    key: Option<&str>,
) -> (Option<String>, Vec<usize>) {
    let mut part: Vec<usize> = (0..history.len())
        .filter(|index| key.is_none() || model.partition(&history[*index].input) == key)
        .collect();
    part.sort_by_key(|index| (history[*index].call, *index));
    (key.map(str::to_owned), part)
}

/// The key with the most operations, the first of several; all of the history if there is an
/// operation without a key.
fn largest_part<M: Model>(model: &M, history: &[OperationOf<M>]) -> (Option<String>, Vec<usize>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in history {
        match model.partition(&operation.input) {
            Some(key) => *counts.entry(key).or_default() += 1,
            None => return part_of(model, history, None),
        }
    }
    let mut largest: Option<(&str, usize)> = None;
    for (key, count) in counts {
        if largest.is_none_or(|(_, most)| count > most) {
            largest = Some((key, count));
        }
    }
    part_of(model, history, largest.map(|(key, _)| key))
}
