//! Checking a whole history: the way from the caller's question to the report.
//!
//! Parts (keys) are independent. One pass finds them and decides the plain ones
//! ([`crate::plain`]); each of the others is decided alone ([`crate::decide`](mod@crate::decide)).
//! Deciding and explaining are two steps: the verdict stands before anything is explained.

use std::num::NonZeroUsize;

use crate::clients::Clients;
use crate::decide::{Found, decide as decide_parts};
use crate::evidence::Evidence;
use crate::explain::explain;
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::model::OperationOf;
use crate::parallel::decide_on_threads as decide_parts_on_threads;
use crate::parts::Parts;
use crate::plain::{Sight, look_over};
use crate::question::Question;
use crate::report::{Progress, Report, Verdict, Violation};
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
    decide(model, history, hints, limits).report()
}

/// Decides whether the history is linearizable, and explains nothing until it is asked to.
///
/// Hints and limits are as for [`check`].
///
/// # Panics
///
/// As [`check`].
///
/// ```
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::{Limits, Operation, Verdict, decide};
///
/// let history = [
///     Operation::completed(1, Input::Write("a".into()), Output::Done, 0, 10),
///     Operation::completed(2, Input::Read, Output::Value(None), 20, 30),
/// ];
/// let decision = decide(&Register, &history, None, &Limits::none());
/// assert_eq!(decision.is_consistent(), Some(false));
/// assert!(matches!(decision.report().verdict, Verdict::Violation(_)));
/// ```
pub fn decide<'a, M: Model>(
    model: &'a M,
    history: &'a [OperationOf<M>],
    hints: Option<&'a [u64]>,
    limits: &Limits,
) -> Decision<'a, M> {
    decision(model, history, hints, Meter::start(limits), decide_parts)
}

/// Whether the history is linearizable, as far as the meter goes.
pub(crate) fn is_linearizable<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    meter: &mut Meter,
) -> Option<bool> {
    let decision = decision(model, history, None, meter.clone(), decide_parts);
    *meter = decision.meter.clone();
    decision.is_consistent()
}

/// As [`check`], with what the meter has left.
pub(crate) fn check_linearizable<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    meter: Meter,
) -> Report {
    decision(model, history, None, meter, decide_parts).report()
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
    decide_on_threads(model, history, hints, limits, threads).report()
}

/// As [`decide`], with the parts (keys) of the history on so many threads at once; see
/// [`check_on_threads`].
///
/// # Panics
///
/// As [`check`].
pub fn decide_on_threads<'a, M>(
    model: &'a M,
    history: &'a [OperationOf<M>],
    hints: Option<&'a [u64]>,
    limits: &Limits,
    threads: NonZeroUsize,
) -> Decision<'a, M>
where
    M: Model + Sync,
    M::Input: Sync,
    M::Output: Sync,
    M::State: Send,
{
    let meter = Meter::start(limits);
    decision(model, history, hints, meter, |question, parts, meter| {
        decide_parts_on_threads(question, parts, threads, meter)
    })
}

/// What was decided about a history; [`Decision::report`] explains it.
pub struct Decision<'a, M: Model> {
    question: Question<'a, M>,
    found: Found,
    meter: Meter,
}

impl<M: Model> Decision<'_, M> {
    /// Whether the history is linearizable; `None` if a limit was reached before that was known.
    #[must_use]
    pub fn is_consistent(&self) -> Option<bool> {
        match self.found {
            Found::Consistent => Some(true),
            Found::Violation(..) => Some(false),
            Found::Unknown(..) => None,
        }
    }

    /// The part (key) that is not linearizable, if there is one and it has a name.
    #[must_use]
    pub fn partition(&self) -> Option<String> {
        match self.found {
            Found::Violation(part, ..) => self.question.name(part),
            _ => None,
        }
    }

    /// The report; a violation is explained, as far as memory and time of the check allow.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_with(|part, evidence, consistent| {
            explain(&self.question, (part, evidence), consistent, &self.meter)
        })
    }

    /// The report, with a violation that names its part (key) and nothing else: explaining can be
    /// dearer than deciding.
    #[must_use]
    pub fn unexplained(&self) -> Report {
        self.report_with(|part, _, _| Violation {
            partition: self.question.name(part),
            message: "no order of the operations is possible".to_owned(),
            ..Violation::default()
        })
    }

    fn report_with(&self, explained: impl Fn(usize, &Evidence, &[bool]) -> Violation) -> Report {
        let Question { history, parts, .. } = &self.question;
        let mut clients = Clients::default();
        for operation in *history {
            clients.add(operation.client);
        }
        let verdict = match &self.found {
            Found::Consistent => Verdict::Consistent,
            Found::Violation(part, evidence, consistent) => {
                Verdict::Violation(Box::new(explained(*part, evidence, consistent)))
            }
            Found::Unknown(reason, progress) => Verdict::Unknown {
                reason: *reason,
                progress: progress.clone(),
            },
        };
        Report {
            verdict,
            operations: history.len(),
            partitions: parts.len(),
            clients: clients.count(),
            steps: self.meter.steps(),
        }
    }
}

fn decision<'a, M: Model>(
    model: &'a M,
    history: &'a [OperationOf<M>],
    hints: Option<&'a [u64]>,
    mut meter: Meter,
    decide: impl FnOnce(&Question<M>, Vec<usize>, &mut Meter) -> Found,
) -> Decision<'a, M> {
    assert!(
        hints.is_none_or(|hints| hints.len() == history.len()),
        "there is one hint for each operation"
    );
    let (parts, sight) = match look_over(model, history, &meter) {
        Ok((parts, sight)) => (parts, Ok(sight)),
        Err(reason) => (Parts::none(), Err(reason)),
    };
    let question = Question {
        model,
        history,
        parts,
        hints,
    };
    let found = match sight {
        Err(reason) => Found::Unknown(reason, Progress::default()),
        Ok(Sight::Violation(part, conflict, consistent)) => {
            Found::Violation(part, Evidence::conflict(conflict), consistent)
        }
        Ok(Sight::Undecided(parts)) if is_witnessed(&question, &parts, &mut meter) => {
            Found::Consistent
        }
        Ok(Sight::Undecided(parts)) => decide(&question, parts, &mut meter),
    };
    Decision {
        question,
        found,
        meter,
    }
}

/// Whether hints order these parts.
fn is_witnessed<M: Model>(question: &Question<M>, parts: &[usize], meter: &mut Meter) -> bool {
    let Question { model, history, .. } = question;
    parts.is_empty()
        || question.hints.is_some_and(|hints| {
            parts.iter().all(|part| {
                let entries = question.parts.entries(history, *part);
                is_linearization(*model, history, entries, hints, meter)
            })
        })
}

#[cfg(test)]
mod tests;
