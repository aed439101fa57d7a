//! Objects that can be simulated.

use std::fmt::Debug;

use crate::beginning::AnyBeginning;
use crate::models::any::{self, Kind, Object};
use crate::zones::tests::random::Random;
use crate::{Model, OperationOf};

/// An object that can be simulated.
pub(crate) trait Simulated {
    type Model: AnyBeginning<Input: Clone + Debug, Output: Clone + Debug, State: Debug>;

    /// What to call it where something is wrong.
    const NAME: &str;

    /// Whether deciding is exponential even in few operations that are open, or unknown.
    const IS_HARD: bool = false;

    fn model(&self) -> Self::Model;

    /// The model, where nobody knows what it began with.
    fn model_from_anything(&self) -> Self::Model {
        self.model()
    }

    /// What it may hold before the first operation.
    fn beginning(&self, random: &mut Random) -> State<Self>;

    /// What a client asks as operation of this number; the state is for asking what makes sense.
    fn ask(&self, number: u64, state: &State<Self>, random: &mut Random) -> Input<Self>;

    /// What it is answered; some operations can tell more or less.
    fn answer(&self, state: &State<Self>, input: &Input<Self>, tells: bool) -> Output<Self>;
}

/// The same as an object whose kind is chosen while the program runs, so that what is tested is
/// compiled once for all of them.
pub(crate) struct OfAnyKind<S>(pub(crate) S);

impl<S: Simulated<Model: Kind>> Simulated for OfAnyKind<S> {
    type Model = Object;

    const NAME: &str = S::NAME;
    const IS_HARD: bool = S::IS_HARD;

    fn model(&self) -> Object {
        self.0.model().object()
    }

    fn model_from_anything(&self) -> Object {
        self.0.model_from_anything().object()
    }

    fn beginning(&self, random: &mut Random) -> any::State {
        S::Model::any_state(self.0.beginning(random))
    }

    fn ask(&self, number: u64, state: &any::State, random: &mut Random) -> any::Input {
        S::Model::any_input(self.0.ask(number, S::Model::state(state), random))
    }

    fn answer(&self, state: &any::State, input: &any::Input, tells: bool) -> any::Output {
        let (state, input) = (S::Model::state(state), S::Model::input(input));
        S::Model::any_output(self.0.answer(state, input, tells))
    }
}

pub(crate) type Input<S> = <<S as Simulated>::Model as Model>::Input;
pub(crate) type Output<S> = <<S as Simulated>::Model as Model>::Output;
pub(crate) type State<S> = <<S as Simulated>::Model as Model>::State;
pub(crate) type History<S> = Vec<OperationOf<<S as Simulated>::Model>>;
