//! The stack that began with nobody knows what.

use crate::beginning::any_beginning::AnyBeginning;
use crate::model::Model;
use crate::models::stack::{Input, Output, Stack};
use crate::text::Text;

/// A stack that held something at first, which pops tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyStack;

/// What is known of such a stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Whether something of what it held at first may still be there.
    pub began: bool,
    /// What is on top of that.
    pub held: Vec<Text>,
}

impl Model for AnyStack {
    type Input = Input;
    type Output = Output;
    type State = State;

    fn initial(&self) -> State {
        State {
            began: true,
            held: Vec::new(),
        }
    }

    fn step(&self, state: &State, input: &Input, output: Option<&Output>) -> Option<State> {
        let State { began, held } = state;
        let took_first = *began && held.is_empty() && *input == Input::Pop;
        if took_first && matches!(output, None | Some(Output::Value(Some(_)))) {
            return Some(state.clone());
        }
        let held = Stack.step(held, input, output)?;
        Some(State {
            began: *began && !took_first,
            held,
        })
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        Stack.describe(input, output)
    }

    fn state_bytes(&self, state: &State) -> usize {
        size_of_val(state) + state.held.capacity() * size_of::<Text>()
    }
}

impl AnyBeginning for Stack {
    type Anywhere = AnyStack;

    fn anywhere(&self) -> Option<Self::Anywhere> {
        Some(AnyStack)
    }
}
