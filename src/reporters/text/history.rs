//! What a person reads of a history that was checked.

use crate::report::{
    HistoryReport, HistoryVerdict, HistoryViolation, WhyUnknown, counted, counted_as, number,
};

/// The lines that `check` prints for one history.
pub(in crate::reporters) fn history_summary(history: &HistoryReport) -> String {
    let HistoryReport {
        file, consistency, ..
    } = history;
    let size = size(history);
    match (history.verdict, &history.violation, history.reason) {
        (HistoryVerdict::Violation, Some(violation), _) => violated(history, violation, &size),
        (HistoryVerdict::Unknown, _, Some(reason)) => {
            format!("{file}: unknown, {}\n", unknown(history, reason, &size))
        }
        _ => format!("{file}: {consistency} ({size})\n"),
    }
}

/// How many verdicts there were, of each kind.
#[derive(Debug, Default)]
pub(super) struct Histories {
    consistent: u64,
    violations: u64,
    unknown: u64,
    /// Those without a verdict, because they cannot be read.
    pub(super) unread: u64,
}

impl Histories {
    pub(super) fn see(&mut self, verdict: HistoryVerdict) {
        match verdict {
            HistoryVerdict::Consistent => self.consistent += 1,
            HistoryVerdict::Violation => self.violations += 1,
            HistoryVerdict::Unknown => self.unknown += 1,
        }
    }

    /// The line at the end; nothing for one verdict, which speaks for itself.
    pub(super) fn told(&self) -> String {
        let verdicts = self.consistent + self.violations + self.unknown;
        if verdicts + self.unread < 2 {
            return String::new();
        }
        let mut parts = vec![format!("{} consistent", number(self.consistent))];
        if self.violations > 0 {
            parts.push(counted(self.violations, "violation"));
        }
        if self.unknown > 0 {
            parts.push(format!("{} unknown", number(self.unknown)));
        }
        if self.unread > 0 {
            parts.push(format!("{} not read", number(self.unread)));
        }
        format!("{}: {}\n", counted(verdicts, "verdict"), parts.join(", "))
    }
}

fn size(history: &HistoryReport) -> String {
    let others = match history.left_out.told(history.failed) {
        others if others.is_empty() => others,
        others => format!("; left out: {others}"),
    };
    format!(
        "{}, {}, {}; {}; {}{others}",
        counted(history.operations, "operation"),
        counted(history.keys, "key"),
        counted(history.clients, "client"),
        history.initial.told,
        history.format_told,
    )
}

fn violated(history: &HistoryReport, violation: &HistoryViolation, size: &str) -> String {
    let (file, consistency) = (&history.file, &history.consistency);
    let mut text = format!(
        "{file}: NOT {consistency} ({size})\n  {}\n",
        violation.message
    );
    for line in &violation.operations {
        text.push_str(&format!("    {line}\n"));
    }
    if let Some(hint) = &violation.hint {
        text.push_str(&format!("  {hint}\n"));
    }
    if !history.has_times {
        text.push_str("  the file has no times: those told are ten times the number of an event\n");
    }
    text
}

/// Why nobody knows.
fn unknown(history: &HistoryReport, reason: WhyUnknown, size: &str) -> String {
    let consistency = &history.consistency;
    let why = match reason {
        WhyUnknown::NothingSucceeded => {
            return format!(
                "nothing is known to have succeeded: {} failed, {} of unknown outcome",
                history.failed, history.unknown
            );
        }
        WhyUnknown::Revisions => {
            let answers = counted_as(history.left_out.revisions, "answer tells", "answers tell");
            return format!(
                "the values of each key are {consistency}, but {answers} an earlier revision than \
                 an answer that had returned before ({size})"
            );
        }
        WhyUnknown::Transactions => {
            let (one, many) = ("transaction or lease says", "transactions or leases say");
            let transactions = counted_as(history.left_out.transactions, one, many);
            return format!(
                "each key alone is {consistency}, but {transactions} more than single keys tell \
                 ({size})"
            );
        }
        WhyUnknown::Beginnings => {
            return format!(
                "not everything that it may have begun with could be tried ({size}); --initial \
                 says what it was"
            );
        }
        WhyUnknown::RepeatedValues => {
            return format!(
                "values were written more than once, so who wrote what was read is not certain \
                 ({size})"
            );
        }
        WhyUnknown::Time if history.was_stopped => "it was stopped",
        WhyUnknown::Steps => "the step limit was reached",
        WhyUnknown::Memory => "the memory limit was reached",
        WhyUnknown::Time => "the time limit was reached",
        WhyUnknown::Other => "the checker found no verdict",
    };
    let (decided, keys) = (history.keys_decided, history.keys);
    let so_far = match decided < keys {
        true => format!("{decided} of {keys} keys are decided"),
        false => "each key alone is decided, all of them together are not".to_owned(),
    };
    format!("{why} ({size}); {so_far}")
}
