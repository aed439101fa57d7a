//! Effects that were seen although the operation is known to have failed.
//!
//! Operations that are known to have failed are no part of a history. If its violation is that
//! somebody saw what one of them would have done, that is the likeliest reason: a client that
//! reports a timeout as a failure, although the outcome is unknown, makes such histories.
//!
//! First it is asked, value by value, whether only a failed operation can have written what was
//! seen; that shows in one pass. If not, whether there would be an order, had failed operations
//! taken effect.

use super::order_within;
use super::words::{sentence, until_then};
use crate::anomaly::Anomaly;
use crate::format::FailedOperation;
use crate::history::Operation;
use crate::model::{Leaves, Model, OperationOf};
use crate::report::{Report, Verdict, Violation};

/// How many failed operations are given another chance, the latest ones.
const CHANCES_MAX: usize = 64;

/// How many failed operations a sentence names.
const NAMES_MAX: usize = 3;

/// Why a client's word that something failed may be wrong.
const WHY: &str =
    "a client that reports a timeout as :fail where it should be :info looks like this";

impl Report {
    /// If the history is a violation, says so where it would be none, had operations that are
    /// known to have failed taken effect ([`Violation::blame_failed`]). The verdict stands.
    ///
    /// # Panics
    ///
    /// When the report is not about this history.
    pub fn blame_failed<M: Model<Input: Clone, Output: Clone>>(
        &mut self,
        model: &M,
        history: &[OperationOf<M>],
        failed: &[FailedOperation<M::Input>],
    ) {
        if let Verdict::Violation(violation) = &mut self.verdict {
            violation.blame_failed(model, history, failed);
        }
    }
}

impl Violation {
    /// Says whether somebody saw the effect of operations that are known to have failed: in the
    /// message, in [`Violation::anomaly`] and in [`Violation::failed`].
    ///
    /// # Panics
    ///
    /// When the violation is not one of this history.
    ///
    /// ```
    /// use knossos::format::read;
    /// use knossos::models::register::Register;
    /// use knossos::{Anomaly, Limits, Verdict, check};
    ///
    /// let file = "{:process 1, :type :invoke, :f :write, :value 7}
    ///             {:process 1, :type :fail, :f :write, :value 7}
    ///             {:process 2, :type :invoke, :f :read, :value nil}
    ///             {:process 2, :type :ok, :f :read, :value 7}";
    /// let contents = read(&Register, file.as_bytes(), None).unwrap();
    /// let mut report = check(&Register, &contents.operations, None, &Limits::none());
    /// report.blame_failed(&Register, &contents.operations, &contents.failed);
    /// let Verdict::Violation(violation) = report.verdict else { panic!() };
    /// assert_eq!((violation.anomaly, violation.failed), (Anomaly::AbortedRead, vec![0]));
    /// ```
    pub fn blame_failed<M: Model<Input: Clone, Output: Clone>>(
        &mut self,
        model: &M,
        history: &[OperationOf<M>],
        failed: &[FailedOperation<M::Input>],
    ) {
        let trial = Trial {
            model,
            history,
            failed,
        };
        if let Some((reader, writers)) = trial.only_writers(self) {
            let reader = sentence(model, &history[reader]);
            let lines = trial.lines(&writers);
            let only = match &writers[..] {
                [_] => format!("only a write that is known to have failed ({lines}) wrote it"),
                _ => format!("only writes that are known to have failed ({lines}) wrote it"),
            };
            self.message = match self.anomaly {
                Anomaly::NeverWritten | Anomaly::FromTheFuture => {
                    let explained = self.culprit.map_or(0, |_| self.explained.len());
                    let before = until_then(explained);
                    format!("{reader} is an aborted read: {only}; {WHY}{before}")
                }
                _ => format!("{}; of what {reader} saw, {only}: {WHY}", self.message),
            };
            self.anomaly = Anomaly::AbortedRead;
            self.failed = writers;
        } else if let Some(taken) = trial.taken_effect(self) {
            let names = trial.names(&taken);
            self.message = format!(
                "{}; there would be an order, had {names} taken effect: {WHY}",
                self.message
            );
            self.failed = taken;
        }
    }
}

impl<I> FailedOperation<I> {
    /// What was asked, in the words of the model.
    #[must_use]
    pub fn asked<M: Model<Input = I>>(&self, model: &M) -> String {
        let told = model.describe(&self.input, None);
        // That is what models say of operations without an answer; of these, it is not true.
        match told.strip_suffix(" (outcome unknown)") {
            Some(asked) => asked.to_owned(),
            None => told,
        }
    }
}

/// What failed operations are suspected of.
struct Trial<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    failed: &'a [FailedOperation<M::Input>],
}

impl<M: Model<Input: Clone, Output: Clone>> Trial<'_, M> {
    /// An operation of the violation, and the failed ones that alone can have written what it saw.
    fn only_writers(&self, violation: &Violation) -> Option<(usize, Vec<usize>)> {
        let culprit = violation.culprit.iter();
        let seen = violation.core.iter().chain(culprit);
        seen.chain(&violation.excerpt).find_map(|reader| {
            let writers = self.only_writers_for(*reader)?;
            Some((*reader, writers))
        })
    }

    fn only_writers_for(&self, reader: usize) -> Option<Vec<usize>> {
        let Operation {
            input, output, ret, ..
        } = &self.history[reader];
        let ret = (*ret)?;
        let footprint = self.model.footprint(input, output.as_ref());
        let is_certain = !matches!(footprint.leaves, Leaves::Sometimes(_));
        let needed = footprint.needs.filter(|_| is_certain)?;
        let is_here = |other: &M::Input| self.is_together(input, other);
        let is_written = |(index, other): (usize, &OperationOf<M>)| {
            index != reader
                && other.call <= ret
                && is_here(&other.input)
                && match self.leaves(&other.input, other.output.as_ref()) {
                    Leaves::Same => false,
                    Leaves::Always(state) | Leaves::Sometimes(state) => state == needed,
                    Leaves::Anything => true,
                }
        };
        let writes = |failed: &FailedOperation<M::Input>| {
            failed.call <= ret
                && is_here(&failed.input)
                && match self.leaves(&failed.input, None) {
                    Leaves::Same | Leaves::Anything => false,
                    Leaves::Always(state) | Leaves::Sometimes(state) => state == needed,
                }
        };
        let places = 0..self.failed.len();
        let writers: Vec<usize> = places
            .filter(|place| writes(&self.failed[*place]))
            .collect();
        let is_suspect = !writers.is_empty()
            && needed != self.model.initial_of(input)
            && !self.history.iter().enumerate().any(is_written);
        is_suspect.then_some(writers)
    }

    /// What an operation can leave behind.
    fn leaves(&self, input: &M::Input, output: Option<&M::Output>) -> Leaves<M::State> {
        self.model.footprint(input, output).leaves
    }

    /// Whether operations may touch the same part of the object.
    fn is_together(&self, one: &M::Input, other: &M::Input) -> bool {
        let parts = (self.model.partition(one), self.model.partition(other));
        matches!(parts, (None, _) | (_, None)) || parts.0 == parts.1
    }

    /// Failed operations with which what had happened by the violation's moment has an order.
    fn taken_effect(&self, violation: &Violation) -> Option<Vec<usize>> {
        let culprit = &self.history[violation.culprit?];
        let until = culprit.ret?;
        let is_here =
            |input: &M::Input, call: u64| call <= until && self.is_together(&culprit.input, input);
        let mut known: Vec<OperationOf<M>> = self
            .history
            .iter()
            .filter(|operation| is_here(&operation.input, operation.call))
            .map(|operation| Operation {
                client: operation.client,
                input: operation.input.clone(),
                output: operation
                    .output
                    .clone()
                    .filter(|_| operation.ret.is_some_and(|ret| ret <= until)),
                call: operation.call,
                ret: operation.ret.filter(|ret| *ret <= until),
            })
            .collect();
        let is_chance = |place: &usize| {
            let failed = &self.failed[*place];
            is_here(&failed.input, failed.call)
        };
        let mut chances: Vec<usize> = (0..self.failed.len()).filter(is_chance).collect();
        chances.drain(..chances.len().saturating_sub(CHANCES_MAX));
        let happened = known.len();
        known.extend(chances.iter().map(|place| {
            let failed = &self.failed[*place];
            Operation::unknown(failed.client, failed.input.clone(), failed.call)
        }));
        if known.len() == happened {
            return None;
        }
        let all: Vec<usize> = (0..known.len()).collect();
        let order = order_within(self.model, &known, &all)?;
        let taken = order.into_iter().filter(|index| *index >= happened);
        let taken: Vec<usize> = taken.map(|index| chances[index - happened]).collect();
        (!taken.is_empty()).then_some(taken)
    }

    /// `line 4`, or `lines 4, 9 and 2 more`.
    fn lines(&self, failed: &[usize]) -> String {
        let lines = failed.iter().take(NAMES_MAX);
        let lines: Vec<String> = lines
            .map(|place| self.failed[*place].failed_line.to_string())
            .collect();
        let word = if failed.len() == 1 { "line" } else { "lines" };
        format!("{word} {}{}", lines.join(", "), more(failed.len()))
    }

    /// The failed operations with their lines.
    fn names(&self, failed: &[usize]) -> String {
        let named = failed.iter().take(NAMES_MAX).map(|place| {
            let failed = &self.failed[*place];
            let what = failed.asked(self.model);
            let (client, line) = (failed.client, failed.failed_line);
            format!("{what} by client {client}, known to have failed (line {line}),")
        });
        let named: Vec<String> = named.collect();
        format!("{}{}", named.join(" "), more(failed.len()))
    }
}

/// How many are not named.
fn more(count: usize) -> String {
    match count.saturating_sub(NAMES_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}
