//! Checking a whole history: the way from the caller's question to the report.
//!
//! Parts (keys) are independent, and each is decided alone ([`crate::decide`]).

use std::num::NonZeroUsize;

use crate::decide::decide;
use crate::interner::Interner;
use crate::job::Question;
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::model::OperationOf;
use crate::parallel::decide_on_threads;
use crate::report::{Report, Verdict};
use crate::search::Entry;
use crate::witnessed::is_linearization;

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
    report(model, history, hints, limits, decide)
}

/// As [`check`], with the parts (keys) of the history on so many threads at once.
///
/// The verdict is the same; of several violations another one may be told, and a limit may leave
/// another part undecided, from run to run. Each thread gets its share of the memory limit.
///
/// # Panics
///
/// As [`check`].
///
/// ```
/// use std::num::NonZeroUsize;
///
/// use knossos::models::kv::{Input, KeyValue, Op, Output};
/// use knossos::{Limits, Operation, Verdict, check_on_threads};
///
/// let get = |key: &str| Input { key: key.into(), op: Op::Get };
/// let history = [
///     Operation::completed(1, get("a"), Output::Value(None), 0, 20),
///     Operation::completed(1, get("b"), Output::Value(None), 30, 40),
/// ];
/// let threads = NonZeroUsize::new(2).unwrap();
/// let report = check_on_threads(&KeyValue, &history, None, &Limits::none(), threads);
/// assert_eq!(report.verdict, Verdict::Consistent);
/// ```
pub fn check_on_threads<M>(
    model: &M,
    history: &[OperationOf<M>],
    hints: Option<&[u64]>,
    limits: &Limits,
    threads: NonZeroUsize,
) -> Report
where
    M: Model + Sync,
    M::Input: Sync,
    M::Output: Sync,
    M::State: Send,
{
    report(model, history, hints, limits, |question, meter| {
        decide_on_threads(question, threads, meter)
    })
}

fn report<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    hints: Option<&[u64]>,
    limits: &Limits,
    decide: impl FnOnce(&Question<M>, &mut Meter) -> Verdict,
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
        let parts = &parts;
        decide(
            &Question {
                model,
                history,
                parts,
                hints,
            },
            &mut meter,
        )
    };
    let mut clients: Vec<u64> = history.iter().map(|operation| operation.client).collect();
    clients.sort_unstable();
    clients.dedup();
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
