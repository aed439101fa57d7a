//! Checking a whole history: part by part, the easy parts first.
//!
//! Parts (keys) are independent. They are searched in rounds: each undecided part gets a slice
//! of steps, and the slices grow from round to round. So a violation in an easy part is found
//! although another part is hard, and which parts are decided depends on steps alone.

use std::collections::BTreeSet;

use crate::explain::{Evidence, explain};
use crate::interner::Interner;
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::model::OperationOf;
use crate::report::{Progress, Reason, Report, Verdict};
use crate::search::{Entry, Outcome, Search};
use crate::witnessed::is_linearization;

/// How much larger each round's slice of steps is than the one before.
const SLICE_GROWTH: u64 = 8;

/// Decides whether the history is linearizable.
///
/// `hints[i]`, if given, is a place in the order for operation `i`, such as its index in a
/// decided log; `u64::MAX` puts it last, and for an operation of unknown outcome says that it
/// did not take effect. Truthful hints let a consistent history be decided in about one step
/// per operation; no hint can change a verdict other than "unknown".
///
/// # Panics
///
/// When an operation is not [well formed](crate::Operation::is_well_formed), or there is not one hint
/// for each operation.
///
/// ```
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let history = [
///     Operation::completed(1, Input::Write("a".into()), Output::Done, 0, 20),
///     Operation::completed(2, Input::Read, Output::Value(Some("a".into())), 10, 15),
/// ];
/// let report = check(&Register, &history, Some(&[7, 7]), &Limits::none());
/// assert_eq!(report.verdict, Verdict::Consistent);
/// ```
pub fn check<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    hints: Option<&[u64]>,
    limits: &Limits,
) -> Report {
    assert!(
        hints.is_none_or(|hints| hints.len() == history.len()),
        "there is one hint for each operation"
    );
    let malformed = history
        .iter()
        .position(|operation| !operation.is_well_formed());
    assert_eq!(
        malformed, None,
        "this operation of the history is malformed"
    );
    let mut meter = Meter::start(limits);
    let parts = split(model, history);
    let is_witnessed = hints.is_some_and(|hints| {
        parts
            .iter()
            .all(|part| is_linearization(model, history, part, hints, &mut meter))
    });
    let verdict = if is_witnessed {
        Verdict::Consistent
    } else {
        decide(model, history, &parts, hints, &mut meter)
    };
    let clients: BTreeSet<u64> = history.iter().map(|operation| operation.client).collect();
    Report {
        verdict,
        operations: history.len(),
        partitions: parts.len(),
        clients: clients.len(),
        steps: meter.steps(),
    }
}

/// The parts of a history, in order of their first operation; one part if any operation
/// touches everything.
fn split<M: Model>(model: &M, history: &[OperationOf<M>]) -> Vec<Vec<Entry>> {
    let mut names = Interner::new();
    let mut parts: Vec<Vec<Entry>> = Vec::new();
    let entries = || {
        history
            .iter()
            .enumerate()
            .map(|(index, op)| Entry { index, ret: op.ret })
    };
    for (entry, operation) in entries().zip(history) {
        let Some(name) = model.partition(&operation.input) else {
            return vec![entries().collect()];
        };
        let (number, is_new) = names.intern(name);
        if is_new {
            parts.push(Vec::new());
        }
        parts[number as usize].push(entry);
    }
    parts
}

/// Searches the parts in rounds until all are decided, one is a violation, or a limit is met.
fn decide<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    parts: &[Vec<Entry>],
    hints: Option<&[u64]>,
    meter: &mut Meter,
) -> Verdict {
    let mut searches: Vec<Option<Search<M>>> = parts.iter().map(|_| None).collect();
    let mut undecided: Vec<usize> = (0..parts.len()).collect();
    let mut partitions_decided = 0;
    let mut outgrown: Option<Progress> = None;
    let mut kept_bytes = 0;
    let mut slice_factor = SLICE_GROWTH;
    while !undecided.is_empty() {
        let mut still_undecided = Vec::new();
        for part in undecided {
            let entries = &parts[part];
            let mut search = match searches[part].take() {
                Some(search) => {
                    kept_bytes -= search.memory_bytes();
                    search
                }
                None => Search::new(model, history, entries, hints),
            };
            let slice = (entries.len() as u64 + 64).saturating_mul(slice_factor);
            let outcome = search.run(meter, slice, kept_bytes);
            let progress = || Progress {
                partitions_decided,
                partitions: parts.len(),
                operations_ordered: search.known_ordered(),
                operations: search.known(),
            };
            match outcome {
                Outcome::Consistent => partitions_decided += 1,
                Outcome::Violation => {
                    let violation =
                        explain(model, history, entries, hints, Evidence::of(&search), meter);
                    return Verdict::Violation(Box::new(violation));
                }
                Outcome::Paused => {
                    kept_bytes += search.memory_bytes();
                    searches[part] = Some(search);
                    still_undecided.push(part);
                }
                // Dropping the part makes room for the others, which may hold a violation.
                Outcome::RanOut(Reason::Memory) => outgrown = outgrown.or(Some(progress())),
                Outcome::RanOut(reason) => {
                    return Verdict::Unknown {
                        reason,
                        progress: progress(),
                    };
                }
            }
        }
        undecided = still_undecided;
        slice_factor = slice_factor.saturating_mul(SLICE_GROWTH);
    }
    match outgrown {
        None => Verdict::Consistent,
        Some(progress) => Verdict::Unknown {
            reason: Reason::Memory,
            progress: Progress {
                partitions_decided,
                ..progress
            },
        },
    }
}
