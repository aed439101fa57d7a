//! Histories of an object that several clients use at once, and that errs now and then.
//!
//! Each operation takes effect at one moment between its call and its return, or, of unknown
//! outcome, perhaps never. An object that errs answers as it would have some time ago, loses an
//! effect that it confirmed, or answers what it would had something else happened.

mod cells;
mod collections;
mod numbers;
mod object;

pub(crate) use cells::{CasRegisters, Registers, Stores, Values, VersionedRegisters};
pub(crate) use collections::{Queues, Sets, Stacks};
pub(crate) use numbers::{Banks, Counters, Mutexes};
pub(crate) use object::{History, Input, OfAnyKind, Output, Simulated, State};

use crate::zones::tests::random::Random;
use crate::{Model, Operation};

/// Does the same with every object.
macro_rules! for_every_simulated {
    ($function:ident) => {{
        use $crate::drawn::simulated::*;
        for values in [Values::New, Values::Few] {
            $function(&OfAnyKind(Registers(values)));
            $function(&OfAnyKind(CasRegisters(values)));
            for weights in [
                [4, 2, 1, 2, 2],
                [4, 2, 0, 2, 2],
                [4, 4, 2, 0, 0],
                [4, 0, 0, 4, 0],
            ] {
                $function(&OfAnyKind(Stores { values, weights }));
            }
        }
        for repeats in [false, true] {
            $function(&OfAnyKind(Queues { repeats }));
            $function(&OfAnyKind(Stacks { repeats }));
        }
        for reads in [false, true] {
            $function(&OfAnyKind(Sets { reads }));
        }
        $function(&OfAnyKind(VersionedRegisters));
        $function(&OfAnyKind(Mutexes));
        $function(&OfAnyKind(Counters));
        $function(&OfAnyKind(Banks));
    }};
}
pub(crate) use for_every_simulated;

/// What to make a history of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) operations: u64,
    /// About how many operations are open at once.
    pub(crate) clients: u64,
    /// Of how many operations one has an unknown outcome.
    pub(crate) unknown_one_in: u64,
    /// How often the object errs.
    pub(crate) errors: u64,
    /// Before which of the operations it does not.
    pub(crate) sound_until: u64,
    pub(crate) seed: u64,
}

impl Plan {
    /// The most operations that are drawn.
    const OPERATIONS_MAX: u64 = 1_200;

    /// A plan for an object: of few operations as often as of many.
    pub(crate) fn drawn<S: Simulated>(seed: u64) -> Plan {
        let random = &mut Random(seed);
        let scale = 5 << random.below(8);
        let operations = (scale + random.below(scale)).min(Plan::OPERATIONS_MAX);
        let unknown_one_in = match S::IS_HARD {
            true => operations,
            false => 20 + random.below(80),
        };
        Plan {
            operations,
            clients: 1 + random.below(if S::IS_HARD { 2 } else { 4 }),
            unknown_one_in,
            errors: 1 + random.below(3) * random.below(3),
            sound_until: random.below(operations),
            seed: random.below(u64::MAX),
        }
    }
}

/// The kinds of errors.
enum Error {
    /// Answers as from a state of the past.
    Stale,
    /// Confirms what it does not do.
    Lost,
    /// Answers as if something else had happened.
    Wrong,
}

/// An object in use.
struct Run<'a, S: Simulated + ?Sized> {
    object: &'a S,
    model: S::Model,
    state: State<S>,
    past: Vec<State<S>>,
    random: Random,
}

impl<S: Simulated + ?Sized> Run<'_, S> {
    /// Takes the operation; what it answers.
    fn take(&mut self, input: &Input<S>, error: Option<Error>, number: u64) -> Option<Output<S>> {
        let tells = self.random.below(4) > 0;
        let answer = |state: &State<S>| self.object.answer(state, input, tells);
        let honest = answer(&self.state);
        match error {
            Some(Error::Stale) => {
                let past = self.random.below(self.past.len() as u64) as usize;
                let stale = answer(&self.past[past]);
                self.change(input, &stale);
                Some(stale)
            }
            Some(Error::Lost) => Some(honest),
            Some(Error::Wrong) => {
                let other = self.object.ask(number, &self.state, &mut self.random);
                let other = self.model.step(&self.state, &other, None);
                let wrong = answer(&other.expect("possible without an answer"));
                self.change(input, &honest);
                Some(wrong)
            }
            None => self.change(input, &honest).then_some(honest),
        }
    }

    /// Changes the state, if the operation is possible.
    fn change(&mut self, input: &Input<S>, output: &Output<S>) -> bool {
        let after = self.model.step(&self.state, input, Some(output));
        let is_possible = after.is_some();
        self.state = after.unwrap_or(self.state.clone());
        is_possible
    }
}

/// A history from this beginning.
pub(crate) fn history<S: Simulated>(object: &S, beginning: &State<S>, plan: Plan) -> History<S> {
    let mut run = Run {
        object,
        model: object.model(),
        state: beginning.clone(),
        past: vec![beginning.clone()],
        random: Random(plan.seed),
    };
    let width = plan.clients * 10;
    let errors = plan.operations - plan.sound_until;
    let mut history = Vec::new();
    for number in 0..plan.operations {
        let moment = 1_000 + number * 10;
        let call = moment - run.random.below(width);
        let ret = moment + 1 + run.random.below(width);
        let client = number % plan.clients;
        let input = object.ask(number, &run.state, &mut run.random);
        if run.random.below(plan.unknown_one_in) == 0 {
            if run.random.below(2) == 0 {
                let after = run.model.step(&run.state, &input, None);
                run.state = after.expect("possible without an answer");
            }
            history.push(Operation::unknown(client, input, call));
        } else {
            let errs = number >= plan.sound_until && run.random.below(errors) < plan.errors;
            let error = errs.then(|| match run.random.below(3) {
                0 => Error::Stale,
                1 => Error::Lost,
                _ => Error::Wrong,
            });
            if let Some(output) = run.take(&input, error, number) {
                history.push(Operation::completed(client, input, output, call, ret));
            }
        }
        if run.random.below(4) == 0 {
            run.past.push(run.state.clone());
        }
    }
    history
}
