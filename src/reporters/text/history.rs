//! What a person reads of a history that was checked.

use crate::report::{
    HistoryReport, HistoryVerdict, HistoryViolation, WhyUnknown, counted, counted_as,
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
