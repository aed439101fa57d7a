//! The stack: last in, first out, empty at first.

use serde::{Deserialize, Serialize};

use crate::model::Model;
use crate::text::Text;

/// A stack of texts.
///
/// ```
/// use knossos::Model;
/// use knossos::models::stack::{Input, Output, Stack};
///
/// let held = vec!["a".into(), "b".into()];
/// let top = Output::Value(Some("b".into()));
/// assert_eq!(Stack.step(&held, &Input::Pop, Some(&top)), Some(vec!["a".into()]));
/// assert_eq!(Stack.step(&held, &Input::Pop, Some(&Output::Value(None))), None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Stack;

/// An operation on the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Put this on top.
    Push(Text),
    /// Take what is on top, if anything is.
    Pop,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of a push.
    Done,
    /// Of a pop: the element, `None` if the stack was empty.
    Value(Option<Text>),
}

impl Model for Stack {
    type Input = Input;
    type Output = Output;
    /// The top comes last.
    type State = Vec<Text>;

    fn initial(&self) -> Self::State {
        Vec::new()
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        let is_possible = match (input, output) {
            (_, None) | (Input::Push(_), Some(Output::Done)) => true,
            (Input::Pop, Some(Output::Value(value))) => state.last() == value.as_ref(),
            _ => false,
        };
        is_possible.then(|| {
            let mut after = state.clone();
            match input {
                Input::Push(value) => after.push(value.clone()),
                Input::Pop => drop(after.pop()),
            }
            after
        })
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let question = match input {
            Input::Push(value) => format!("push {value:?}"),
            Input::Pop => "pop".to_owned(),
        };
        match output {
            None => format!("{question} (outcome unknown)"),
            Some(Output::Done) => question,
            Some(Output::Value(None)) => format!("{question} = nothing"),
            Some(Output::Value(Some(value))) => format!("{question} = {value:?}"),
        }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.capacity() * size_of::<Text>()
    }
}
