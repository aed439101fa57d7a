//! A judgement, for people and for programs.

use knossos::format::LeftOut;
use knossos::{Reason, Verdict};
use serde_json::{Value, json};

use super::judge::Judged;
use crate::cli::args::name_of;
use crate::report::{counted, counted_as};

/// The object that `check --format json` prints for one history.
pub(super) fn object(judged: &Judged) -> Value {
    let report = &judged.report;
    let (verdict, violation) = match &report.verdict {
        Verdict::Consistent if judged.proves_nothing() => ("unknown", None),
        Verdict::Consistent => ("consistent", None),
        Verdict::Unknown { .. } => ("unknown", None),
        Verdict::Violation(violation) => (
            "violation",
            Some(json!({
                "key": violation.partition,
                "message": violation.message,
                "hint": judged.hint,
                "operations": judged.violating,
            })),
        ),
    };
    json!({
        "file": judged.file,
        "model": name_of(judged.model),
        "consistency": judged.consistency,
        "write_order": judged.write_order.map(name_of),
        "verdict": verdict,
        "reason": reason(judged),
        "initial": judged.initial.object(),
        "operations": report.operations,
        "format": judged.format.name(),
        "failed": judged.failed,
        "unknown": judged.unknown,
        "left_out": {
            "nemesis_events": judged.left_out.nemesis_events,
            "unmatched_events": judged.left_out.unmatched_events,
            "lines": judged.left_out.lines,
            "operations": judged.left_out.operations,
            "transactions": judged.left_out.transactions,
            "revisions": judged.left_out.revisions,
        },
        "client_names": judged.client_names,
        "keys": report.partitions,
        "clients": report.clients,
        "has_times": judged.has_times,
        "wall_ns": judged.wall_ns,
        "read_ns": judged.read_ns,
        "violation": violation,
    })
}

/// Why nothing is known, for programs.
fn reason(judged: &Judged) -> Option<&'static str> {
    match &judged.report.verdict {
        Verdict::Consistent if judged.has_no_success() => Some("nothing_succeeded"),
        Verdict::Consistent if judged.has_contradicting_revisions() => Some("revisions"),
        Verdict::Consistent if judged.proves_nothing() => Some("transactions"),
        Verdict::Consistent | Verdict::Violation(_) => None,
        Verdict::Unknown { reason, .. } => Some(match reason {
            Reason::Steps => "steps",
            Reason::Memory => "memory",
            Reason::Time => "time",
            Reason::RepeatedValues => "repeated_values",
            Reason::Beginnings => "beginnings",
        }),
    }
}

/// What a file holds beside the operations that are checked.
pub(super) fn left_out(failed: usize, others: &LeftOut) -> String {
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
        .map(|(count, one, many)| counted_as(count as u64, one, many))
        .collect();
    words.join(", ")
}

/// The lines that `check` prints for one history.
pub(super) fn sentence(judged: &Judged) -> String {
    let (file, report) = (&judged.file, &judged.report);
    let size = format!(
        "{}, {}, {}; {}; {}{}",
        counted(report.operations as u64, "operation"),
        counted(report.partitions as u64, "key"),
        counted(report.clients as u64, "client"),
        judged.initial.words(),
        judged.format,
        match left_out(judged.failed, &judged.left_out) {
            others if others.is_empty() => others,
            others => format!("; left out: {others}"),
        }
    );
    match &report.verdict {
        Verdict::Consistent if judged.has_no_success() => format!(
            "{file}: unknown, nothing is known to have succeeded: {} failed, {} of unknown \
             outcome\n",
            judged.failed, judged.unknown
        ),
        Verdict::Consistent if judged.has_contradicting_revisions() => format!(
            "{file}: unknown, the values of each key are {}, but {} an earlier revision than an \
             answer that had returned before ({size})\n",
            judged.consistency,
            counted_as(
                judged.left_out.revisions as u64,
                "answer tells",
                "answers tell",
            )
        ),
        Verdict::Consistent if judged.proves_nothing() => format!(
            "{file}: unknown, each key alone is {}, but {} more than single keys tell ({size})\n",
            judged.consistency,
            counted_as(
                judged.left_out.transactions as u64,
                "transaction or lease says",
                "transactions or leases say",
            )
        ),
        Verdict::Consistent => format!("{file}: {} ({size})\n", judged.consistency),
        Verdict::Unknown { reason, progress } => {
            let why = match reason {
                Reason::Time if judged.was_stopped => "it was stopped",
                Reason::Steps => "the step limit was reached",
                Reason::Memory => "the memory limit was reached",
                Reason::Time => "the time limit was reached",
                Reason::Beginnings => {
                    return format!(
                        "{file}: unknown, not everything that it may have begun with could be \
                         tried ({size}); --initial says what it was\n"
                    );
                }
                Reason::RepeatedValues => {
                    return format!(
                        "{file}: unknown, values were written more than once, so who wrote what \
                         was read is not certain ({size})\n"
                    );
                }
            };
            let (decided, keys) = (progress.partitions_decided, progress.partitions);
            let so_far = match decided < keys {
                true => format!("{decided} of {keys} keys are decided"),
                false => "each key alone is decided, all of them together are not".to_owned(),
            };
            format!("{file}: unknown, {why} ({size}); {so_far}\n")
        }
        Verdict::Violation(violation) => {
            let mut text = format!(
                "{file}: NOT {} ({size})\n  {}\n",
                judged.consistency, violation.message
            );
            for line in &judged.violating {
                text.push_str(&format!("    {line}\n"));
            }
            if let Some(hint) = &judged.hint {
                text.push_str(&format!("  {hint}\n"));
            }
            if !judged.has_times {
                text.push_str(
                    "  the file has no times: those told are ten times the number of an event\n",
                );
            }
            text
        }
    }
}
