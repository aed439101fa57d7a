//! The beginnings that were possible for longest, for which a violation is explained.
//!
//! What had happened by some moment is possible from some beginning, or from none; if from none,
//! no later moment makes it possible again. So there is an earliest moment by which no beginning
//! is left. From a beginning that was possible just before, the history becomes impossible at that
//! very moment, whereas from others it was impossible before.

use super::any_beginning::AnyBeginning;
use super::candidates::Candidates;
use super::parts::{Part, Unknown};
use super::within::is_consistent;

use crate::Operation;
use crate::consistency::{Consistency, check_metered};
use crate::limits::Meter;
use crate::model::OperationOf;
use crate::models::starting_with::StartingWith;
use crate::report::{Report, Verdict};

/// What it may cost to find the beginning of a part, in steps, and looks at one operation; as all
/// that explains a verdict, beside what deciding it may cost.
const STEPS_BASE: u64 = 20_000;
const STEPS_PER_OPERATION: u64 = 80;

/// What is asked of the moments of one part.
struct Moments<'a, M: AnyBeginning> {
    part: &'a Part,
    operations: Vec<&'a OperationOf<M>>,
    meter: Meter,
}

/// A report of a violation from one beginning of each part, explained instead for the beginnings
/// that were possible for longest; as it was, if that cannot be found out.
pub(super) fn explained<M: AnyBeginning>(
    mut model: StartingWith<M>,
    history: &[OperationOf<M>],
    unknown: &[Unknown<M::State>],
    report: Report,
    meter: &Meter,
) -> (StartingWith<M>, Report)
where
    M::Input: Clone,
    M::Output: Clone,
{
    for Unknown { part, .. } in unknown.iter().filter(|part| part.is_refuted) {
        let steps = steps_for(part.operations.len());
        let mut moments = Moments {
            part,
            operations: part.operations.iter().map(|at| &history[*at]).collect(),
            meter: meter.aside(steps),
        };
        let before = model.beginning(part.name.as_deref()).cloned();
        let longest;
        (model, longest) = moments.longest(model);
        if let Some(state) = longest.or(before) {
            model = part.begin(model, state);
        }
    }
    // About as dear as deciding was.
    let steps = meter.steps().max(steps_for(history.len()));
    let again = check_metered(
        &model,
        history,
        Consistency::Linearizable,
        meter.aside(steps),
    );
    if matches!(again.verdict, Verdict::Violation(_)) {
        return (model, again);
    }
    for part in unknown {
        model = part.begin(model);
    }
    (model, report)
}

impl<M: AnyBeginning> Moments<'_, M>
where
    M::Input: Clone,
    M::Output: Clone,
{
    /// A beginning that was possible for longest, as far as is found out; `None` where any is
    /// as good.
    fn longest(&mut self, mut model: StartingWith<M>) -> (StartingWith<M>, Option<M::State>) {
        let mut returns: Vec<u64> = self.operations.iter().filter_map(|of| of.ret).collect();
        returns.sort_unstable();
        returns.dedup();
        let mut longest = None;
        // Of so many moments at least and at most, each leaves a beginning.
        let (mut least, mut most) = (0, returns.len());
        let (mut stride, mut is_bounded) = (1, false);
        while least < most {
            let place = match is_bounded {
                true => least + (most - least) / 2,
                false => (least + stride).min(most) - 1,
            };
            let found;
            (model, found) = self.possible_by(returns[place], model, longest.as_ref());
            match found {
                Some(Some(state)) => {
                    longest = Some(state);
                    (least, stride) = (place + 1, stride * 2);
                }
                Some(None) => (most, is_bounded) = (place, true),
                None if self.meter.is_out_of_steps() => break,
                // Nothing that had happened by then tells the beginnings: what did later may.
                None => (least, stride) = (place + 1, stride * 2),
            }
        }
        (model, longest)
    }

    /// A beginning from which what had happened by the moment is possible, if there is one; `None`
    /// if that cannot be found out.
    fn possible_by(
        &mut self,
        moment: u64,
        mut model: StartingWith<M>,
        likely: Option<&M::State>,
    ) -> (StartingWith<M>, Option<Option<M::State>>) {
        let known: Vec<OperationOf<M>> = by::<M>(&self.operations, moment);
        let operations: Vec<&OperationOf<M>> = known.iter().collect();
        let level = Consistency::Linearizable;
        let candidates = Candidates::of(&model.model, &operations, level);
        let mut is_certain = candidates.is_complete;
        for state in likely.into_iter().chain(&candidates.states) {
            self.meter.spend(known.len() as u64);
            if self.meter.is_out_of_steps() {
                return (model, None);
            }
            model = self.part.begin(model, state.clone());
            match is_consistent(&model, &known, level, &mut self.meter) {
                Some(true) => return (model, Some(Some(state.clone()))),
                Some(false) => {}
                None => is_certain = false,
            }
        }
        (model, is_certain.then_some(None))
    }
}

fn steps_for(operations: usize) -> u64 {
    STEPS_BASE + STEPS_PER_OPERATION * operations as u64
}

/// What had happened by a moment; operations open then are unknown.
fn by<M: AnyBeginning>(operations: &[&OperationOf<M>], moment: u64) -> Vec<OperationOf<M>>
where
    M::Input: Clone,
    M::Output: Clone,
{
    let called = operations.iter().filter(|of| of.call <= moment);
    let known = called.map(|of| match of.ret {
        Some(ret) if ret <= moment => (*of).clone(),
        _ => Operation::unknown(of.client, of.input.clone(), of.call),
    });
    known.collect()
}
