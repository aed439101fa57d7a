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
mod page;
mod window;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::explain::order_within;
use crate::model::{Leaves, Model, OperationOf};
use crate::report::{Reason, Report, Verdict, Violation};

use data::{Data, Fault, Gap, Lane, Shown, label, paragraph};

/// How many bands are shown at most.
const BANDS_MAX: usize = 200;

/// Up to how many lanes stay in the order of their clients.
const LANES_AT_A_GLANCE: usize = 12;

/// What a picture shows beside the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the history is, for the head of the page.
    pub title: String,
    /// The key to show, where there is no violation; by default the one with the most
    /// operations.
    pub key: Option<String>,
    /// Spans of time to shade, such as those of faults; of too many, the first ones.
    pub bands: Vec<Band>,
}

/// A span of time in which something held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// In a word or two.
    pub name: String,
    /// In full.
    pub detail: String,
    /// When it began, in nanoseconds on the clock of the history.
    pub from: u64,
    /// When it ended, likewise; `None`: not before the history did.
    pub until: Option<u64>,
}

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

/// What is to be shown, with everything known about it.
struct Scene<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    report: &'a Report,
    violation: Option<&'a Violation>,
    key: Option<String>,
    /// The operations of the key, in order of their calls.
    part: Vec<usize>,
    order: Option<Vec<usize>>,
}

impl<M: Model> Scene<'_, M> {
    fn data(&self, options: &Options) -> Data {
        let shown = self.shown();
        let lanes = self.lanes(&shown);
        let base = shown.first().map_or(0, |index| self.history[*index].call);
        let ends = shown.iter().filter_map(|index| self.history[*index].ret);
        let last = ends.max().unwrap_or(base).max(base);
        let (headline, message) = self.words();
        Data {
            title: label(&options.title),
            verdict: match self.report.verdict {
                Verdict::Consistent => "consistent",
                Verdict::Violation(_) => "violation",
                Verdict::Unknown { .. } => "unknown",
            },
            headline,
            anomaly: self
                .violation
                .map(|violation| violation.anomaly.to_string()),
            message: paragraph(&message),
            facts: self.facts(shown.len()),
            conflict_title: self.conflict_title(),
            base: base.to_string(),
            stop: self.stop().map(|stop| stop.to_string()),
            stop_word: "no order beyond",
            operations: self.operations(&shown, &lanes),
            gaps: self.gaps(&shown),
            faults: faults(&options.bands, base, last),
            lanes: self.named(&lanes),
        }
    }

    /// The operations to show, in order of their calls.
    fn shown(&self) -> Vec<usize> {
        let Some(violation) = self.violation else {
            return window::choose(self.history, &self.part, &[], None);
        };
        let candidates = [&violation.excerpt[..], &violation.stuck].concat();
        let centre = violation.culprit.or(candidates.first().copied());
        window::choose(self.history, &self.part, &violation.excerpt, centre)
    }

    /// The clients of the operations shown, and the number of the lane of each. Of many, those
    /// of the conflict come first, so that it can be seen at a glance.
    fn lanes(&self, shown: &[usize]) -> BTreeMap<u64, usize> {
        let client = |index: &usize| self.history[*index].client;
        let mut clients: Vec<u64> = shown.iter().map(client).collect();
        clients.sort_unstable();
        clients.dedup();
        let excerpt = self
            .violation
            .map_or(&[][..], |violation| &violation.excerpt);
        if clients.len() > LANES_AT_A_GLANCE {
            clients.sort_by_key(|other| !excerpt.iter().any(|index| client(index) == *other));
        }
        clients.into_iter().zip(0..).collect()
    }

    fn named(&self, lanes: &BTreeMap<u64, usize>) -> Vec<Lane> {
        let core = self.violation.map_or(&[][..], |violation| &violation.core);
        let name = |(client, number): (&u64, &usize)| Lane {
            number: *number,
            name: client.to_string(),
            core: core
                .iter()
                .any(|index| self.history[*index].client == *client),
        };
        let mut named: Vec<Lane> = lanes.iter().map(name).collect();
        named.sort_by_key(|lane| lane.number);
        named
    }

    /// The moment by which no order exists.
    fn stop(&self) -> Option<u64> {
        self.history[self.violation?.culprit?].ret
    }

    fn operations(&self, shown: &[usize], lanes: &BTreeMap<u64, usize>) -> Vec<Shown> {
        let points = self.points();
        let stop = self.stop();
        let none = Violation::default();
        let violation = self.violation.unwrap_or(&none);
        let show = |index: usize| {
            let operation = &self.history[index];
            let output = operation.output.as_ref();
            let footprint = self.model.footprint(&operation.input, output);
            let point = points.get(&index);
            let role = if violation.core.contains(&index) {
                "core"
            } else if violation.excerpt.contains(&index) {
                "source"
            } else {
                ""
            };
            Shown {
                lane: lanes[&operation.client],
                client: operation.client.to_string(),
                text: label(&self.model.describe(&operation.input, output)),
                call: operation.call.to_string(),
                ret: operation.ret.map(|ret| ret.to_string()),
                rank: point.map(|(rank, _)| *rank),
                point: point.map(|(_, moment)| moment.to_string()),
                role,
                read: footprint.leaves == Leaves::Same,
                culprit: violation.culprit == Some(index),
                stuck: violation.stuck.contains(&index),
                later: stop.is_some_and(|stop| operation.call > stop),
            }
        };
        shown.iter().map(|index| show(*index)).collect()
    }

    /// Of each operation in the order: its place, and the earliest moment for its effect.
    fn points(&self) -> BTreeMap<usize, (usize, u64)> {
        let mut moment = 0;
        let order = self.order.iter().flatten().enumerate();
        order
            .map(|(rank, index)| {
                moment = self.history[*index].call.max(moment);
                (*index, (rank, moment))
            })
            .collect()
    }

    /// Where operations of the key are left out.
    fn gaps(&self, shown: &[usize]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let mut next = 0;
        for (after, index) in shown.iter().enumerate() {
            let start = next;
            while self.part[next] != *index {
                next += 1;
            }
            if next > start && after > 0 {
                gaps.push(Gap {
                    after: after - 1,
                    count: next - start,
                });
            }
            next += 1;
        }
        gaps
    }

    fn words(&self) -> (String, String) {
        match &self.report.verdict {
            Verdict::Consistent if self.order.is_some() => (
                "Linearizable".to_owned(),
                "There is an order of the operations that respects real time and that the model \
                 allows: each takes effect at its point."
                    .to_owned(),
            ),
            Verdict::Consistent => (
                "Linearizable".to_owned(),
                "An order of the operations exists. It is not shown: finding it for the picture \
                 would have taken too long."
                    .to_owned(),
            ),
            Verdict::Violation(violation) => {
                let mut message = violation.message.clone();
                if let Some(first) = message.get(..1) {
                    let first = first.to_uppercase();
                    message.replace_range(..1, &first);
                }
                ("Not linearizable".to_owned(), format!("{message}."))
            }
            Verdict::Unknown { reason, progress } => (
                "Unknown".to_owned(),
                format!(
                    "The check reached its limit of {} before it could decide; {} of {} keys are \
                     decided. No order is shown.",
                    match reason {
                        Reason::Steps => "steps",
                        Reason::Memory => "memory",
                        Reason::Time => "time",
                        Reason::RepeatedValues => "what values written twice can tell",
                    },
                    progress.partitions_decided,
                    progress.partitions
                ),
            ),
        }
    }

    fn facts(&self, shown: usize) -> Vec<String> {
        let count = |number: usize, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            _ => format!("{number} {many}"),
        };
        let report = self.report;
        let mut facts = vec![
            count(report.operations, "operation", "operations"),
            count(report.partitions, "key", "keys"),
            count(report.clients, "client", "clients"),
        ];
        if let Some(key) = &self.key {
            let of_key = count(self.part.len(), "operation", "operations");
            facts.push(format!("key {}: {of_key}", label(&format!("{key:?}"))));
        }
        if shown < self.part.len() {
            facts.push(format!("{shown} of them are shown"));
        }
        facts
    }

    fn conflict_title(&self) -> String {
        let core = self.violation.map_or(0, |violation| violation.core.len());
        let excerpt = self
            .violation
            .map_or(0, |violation| violation.excerpt.len());
        match (core, excerpt - core.min(excerpt)) {
            (0, _) => "The operations to look at".to_owned(),
            (1, 0) => "The operation that is impossible, whatever else took effect".to_owned(),
            (1, _) => {
                "The operation that is impossible, whatever else took effect, and what it is about"
                    .to_owned()
            }
            (core, 0) => {
                format!("These {core} contradict each other, whatever else took effect")
            }
            (core, _) => format!(
                "The {core} marked red contradict each other, whatever else took effect; the \
                 others show where their values come from"
            ),
        }
    }
}

/// The bands that reach into this time, as faults.
fn faults(bands: &[Band], first: u64, last: u64) -> Vec<Fault> {
    let mut bands: Vec<&Band> = bands
        .iter()
        .filter(|band| band.from <= last && band.until.is_none_or(|until| until >= first))
        .collect();
    bands.sort_by_key(|band| (band.from, band.until));
    bands.truncate(BANDS_MAX);
    let fault = |band: &Band| Fault {
        name: label(&band.name),
        detail: label(&band.detail),
        call: band.from.to_string(),
        ret: band.until.map(|until| until.max(band.from).to_string()),
    };
    bands.into_iter().map(fault).collect()
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
