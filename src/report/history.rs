//! What is said of a history of operations that was checked for consistency.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::counted_as;

/// A history at one level of consistency: the object that `check --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryReport {
    /// The file.
    pub file: String,
    /// The model of the object.
    pub model: String,
    /// The level, as it was named.
    pub consistency: String,
    /// For a guarantee of a session, what was taken for granted of the order of writes.
    pub write_order: Option<String>,
    /// Whether it is consistent.
    pub verdict: HistoryVerdict,
    /// Why nobody knows.
    pub reason: Option<WhyUnknown>,
    /// Whether a signal came before the verdict stood.
    #[serde(default)]
    pub was_stopped: bool,
    /// What the object held at first.
    pub initial: Initially,
    /// Operations that were checked.
    pub operations: u64,
    /// The format in which the file was read.
    pub format: String,
    /// The same, in words.
    #[serde(default)]
    pub format_told: String,
    /// Operations known to have failed, which were left out.
    pub failed: u64,
    /// Operations of unknown outcome.
    pub unknown: u64,
    /// What else was left out.
    pub left_out: LeftOut,
    /// The names of clients that have no number of their own.
    pub client_names: BTreeMap<u64, String>,
    /// Keys, or other parts that are independent of each other.
    pub keys: u64,
    /// Those of them that were decided before it was given up.
    #[serde(default)]
    pub keys_decided: u64,
    /// Clients.
    pub clients: u64,
    /// Whether the file says when things happened.
    pub has_times: bool,
    /// What checking took, by the wall clock.
    pub wall_ns: u64,
    /// What reading took, by the wall clock.
    pub read_ns: u64,
    /// What contradicts the level.
    pub violation: Option<HistoryViolation>,
}

/// Whether a history is consistent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryVerdict {
    /// It is.
    Consistent,
    /// It is not.
    Violation,
    /// Nobody knows.
    Unknown,
}

/// Why nobody knows whether a history is consistent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhyUnknown {
    /// Nothing is known to have succeeded.
    NothingSucceeded,
    /// Revisions contradict the order of time.
    Revisions,
    /// Transactions or leases say more than single keys tell.
    Transactions,
    /// The step limit was reached.
    Steps,
    /// The memory limit was reached.
    Memory,
    /// The time limit was reached.
    Time,
    /// Values were written more than once.
    RepeatedValues,
    /// Not everything that it may have begun with could be tried.
    Beginnings,
    /// A reason of the checker for which there is no word here.
    Other,
}

/// What contradicts a level of consistency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryViolation {
    /// The key.
    pub key: Option<String>,
    /// What happened, in a sentence.
    pub message: String,
    /// That another beginning explains it, and how to say so.
    pub hint: Option<String>,
    /// The operations, in words.
    pub operations: Vec<String>,
}

/// What an object held at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initially {
    /// What all that is not named began with.
    pub everywhere: Held,
    /// Whether somebody said so.
    pub given: bool,
    /// What single keys began with.
    pub keys: BTreeMap<String, Held>,
    /// Those of them that no operation has.
    pub absent: Vec<String>,
    /// All of it in words.
    #[serde(default)]
    pub told: String,
}

/// What a key holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Held {
    /// This.
    Known {
        /// The value.
        value: Value,
    },
    /// What has no value that could be written.
    Unwritten(Unwritten),
}

/// What a key holds without a value that could be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unwritten {
    /// Nobody knows what.
    Unknown,
    /// What the author of the model says, who has no words for it.
    Usual,
}

/// What a file holds beside the operations that were checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Events of the nemesis.
    pub nemesis_events: u64,
    /// Ends without an invocation.
    pub unmatched_events: u64,
    /// Lines that are no operations.
    pub lines: u64,
    /// Operations that no model has.
    pub operations: u64,
    /// Transactions and leases of which only a part is in the history.
    pub transactions: u64,
    /// Answers that tell an earlier revision than one before them.
    pub revisions: u64,
}

impl LeftOut {
    /// All of it in words, with so many operations known to have failed.
    pub(crate) fn told(&self, failed: u64) -> String {
        let others = self;
        let counts = [
            (failed, "failed operation", "failed operations"),
            (
                others.nemesis_events,
                "event of the nemesis",
                "events of the nemesis",
            ),
            (
                others.unmatched_events,
                "end without an invocation",
                "ends without an invocation",
            ),
            (others.lines, "other line", "other lines"),
            (others.operations, "other operation", "other operations"),
            (
                others.transactions,
                "part of a transaction or lease",
                "parts of transactions or leases",
            ),
            (
                others.revisions,
                "revision earlier than one before it",
                "revisions earlier than one before them",
            ),
        ];
        let words: Vec<_> = counts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted_as(count, one, many))
            .collect();
        words.join(", ")
    }
}

impl From<knossos::format::LeftOut> for LeftOut {
    fn from(left_out: knossos::format::LeftOut) -> Self {
        Self {
            nemesis_events: left_out.nemesis_events as u64,
            unmatched_events: left_out.unmatched_events as u64,
            lines: left_out.lines as u64,
            operations: left_out.operations as u64,
            transactions: left_out.transactions as u64,
            revisions: left_out.revisions as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_a_history_reads_again_as_what_it_was() {
        let known = |value: Value| Held::Known { value };
        let report = HistoryReport {
            file: "a b.jsonl".to_owned(),
            model: "kv".to_owned(),
            consistency: "bounded-staleness=5ms".to_owned(),
            write_order: Some("program".to_owned()),
            verdict: HistoryVerdict::Unknown,
            reason: Some(WhyUnknown::RepeatedValues),
            was_stopped: true,
            initial: Initially {
                everywhere: Held::Unwritten(Unwritten::Unknown),
                given: true,
                keys: [
                    ("k".to_owned(), known(Value::Null)),
                    ("l".to_owned(), known(serde_json::json!([1, "a"]))),
                ]
                .into(),
                absent: vec!["l".to_owned()],
                told: "unknown at first".to_owned(),
            },
            operations: 3,
            format: "edn".to_owned(),
            format_told: "a Jepsen history in EDN".to_owned(),
            failed: 1,
            unknown: 2,
            left_out: LeftOut::default(),
            client_names: [(7, "worker".to_owned())].into(),
            keys: 2,
            keys_decided: 1,
            clients: 2,
            has_times: false,
            wall_ns: 5,
            read_ns: u64::MAX,
            violation: Some(HistoryViolation {
                key: None,
                message: "no".to_owned(),
                hint: None,
                operations: vec!["client 1: read".to_owned()],
            }),
        };
        let line = serde_json::to_string(&report).expect("it can be written");
        assert!(line.contains("\"everywhere\":\"unknown\""), "{line}");
        assert!(line.contains("\"k\":{\"value\":null}"), "{line}");
        let again: HistoryReport = serde_json::from_str(&line).expect("it can be read");
        assert_eq!(again, report);
    }
}
