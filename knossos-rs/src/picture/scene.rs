//! What is known of a history, as data for the page.

use std::collections::BTreeMap;

use super::data::{Data, Fault, Gap, Lane, Shown, label, paragraph};
use super::options::{Band, Options};
use super::window;
use crate::model::{Leaves, Model, OperationOf};
use crate::report::{Reason, Report, Verdict, Violation};

/// How many bands are shown at most.
const BANDS_MAX: usize = 200;

/// Up to how many lanes stay in the order of their clients.
const LANES_AT_A_GLANCE: usize = 12;

/// What is to be shown, with everything known about it.
pub(super) struct Scene<'a, M: Model> {
    pub(super) model: &'a M,
    pub(super) history: &'a [OperationOf<M>],
    pub(super) report: &'a Report,
    pub(super) violation: Option<&'a Violation>,
    pub(super) key: Option<String>,
    /// The operations of the key, in order of their calls.
    pub(super) part: Vec<usize>,
    /// An order of operations, as far as there is one.
    pub(super) order: Option<Vec<usize>>,
}

impl<M: Model> Scene<'_, M> {
    /// Everything that the page shows.
    pub(super) fn data(&self, options: &Options) -> Data {
        let shown = self.shown();
        let lanes = self.lanes(&shown);
        let base = shown.first().map_or(0, |index| self.history[*index].call);
        let ends = shown.iter().filter_map(|index| self.history[*index].ret);
        let last = ends.max().unwrap_or(base).max(base);
        let (headline, message) = self.words(options);
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

    /// The verdict in a word or two, and in full.
    fn words(&self, options: &Options) -> (String, String) {
        let property = match &*options.property {
            "" => "linearizable".to_owned(),
            property => label(property),
        };
        match &self.report.verdict {
            Verdict::Consistent => {
                let message = match self.order {
                    Some(_) => {
                        "There is an order of the operations that respects real time and that the \
                         model allows: each takes effect at its point."
                    }
                    None if options.is_about_linearizability() => {
                        "An order of the operations exists. It is not shown: finding it for the \
                         picture would have taken too long."
                    }
                    None => {
                        "No order is shown: this consistency does not ask for one in real time."
                    }
                };
                (capital(&property), message.to_owned())
            }
            Verdict::Violation(violation) => (
                format!("Not {property}"),
                format!("{}.", capital(&violation.message)),
            ),
            Verdict::Unknown { reason, progress } => (
                "Unknown".to_owned(),
                format!(
                    "The check {} before it could decide; {} of {} keys are decided. No order is \
                     shown.",
                    match reason {
                        Reason::Steps => "reached its limit of steps",
                        Reason::Memory => "reached its limit of memory",
                        Reason::Time => "reached its limit of time",
                        Reason::RepeatedValues => "met values that were written more than once",
                        Reason::Beginnings => "could not try everything that there was at first",
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

/// The text with a capital letter at its head.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
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
