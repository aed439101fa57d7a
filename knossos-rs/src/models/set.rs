//! The set: add, remove, contains, and a read of the whole; empty at first.
//!
//! As long as nothing reads the whole set, every element is a part of its own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Footprint, Leaves, Model};
use crate::text::Text;

/// A set of texts.
///
/// ```
/// use knossos::models::set::{Input, Output, Set};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let history = [
///     Operation::completed(1, Input::Add("a".into()), Output::Done, 0, 10),
///     Operation::unknown(2, Input::Remove("a".into()), 20),
///     Operation::completed(1, Input::Contains("a".into()), Output::Was(false), 30, 40),
///     Operation::completed(1, Input::Contains("a".into()), Output::Was(true), 50, 60),
/// ];
/// let report = check(&Set, &history, None, &Limits::none());
/// assert!(matches!(report.verdict, Verdict::Violation(_)), "nobody added it again");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Set;

/// An operation on the set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Let it contain this.
    Add(Text),
    /// Let it not contain this.
    Remove(Text),
    /// Does it contain this?
    Contains(Text),
    /// What does it contain?
    Read,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of an add or a remove that does not tell what was; or of a read of which nobody knows what
    /// it saw.
    Done,
    /// Of a contains, or of an add or a remove that tells: whether the element was there.
    Was(bool),
    /// Of a read: all elements.
    Elements(BTreeSet<Text>),
}

impl Model for Set {
    type Input = Input;
    type Output = Output;
    type State = BTreeSet<Text>;

    fn initial(&self) -> Self::State {
        BTreeSet::new()
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        let is_possible = match (input, output) {
            (_, None) => true,
            (Input::Add(_) | Input::Remove(_) | Input::Read, Some(Output::Done)) => true,
            (
                Input::Add(element) | Input::Remove(element) | Input::Contains(element),
                Some(Output::Was(was)),
            ) => state.contains(element) == *was,
            (Input::Read, Some(Output::Elements(elements))) => state == elements,
            _ => false,
        };
        is_possible.then(|| {
            let mut after = state.clone();
            match input {
                Input::Add(element) => drop(after.insert(element.clone())),
                Input::Remove(element) => drop(after.remove(element)),
                Input::Contains(_) | Input::Read => {}
            }
            after
        })
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let question = match input {
            Input::Add(element) => format!("add {element:?}"),
            Input::Remove(element) => format!("remove {element:?}"),
            Input::Contains(element) => format!("contains {element:?}"),
            Input::Read => "read".to_owned(),
        };
        match output {
            None => format!("{question} (outcome unknown)"),
            Some(Output::Done) if *input == Input::Read => format!("{question} = not known"),
            Some(Output::Done) => question,
            Some(Output::Was(true)) => format!("{question} = was there"),
            Some(Output::Was(false)) => format!("{question} = was not there"),
            Some(Output::Elements(elements)) => format!("{question} = {elements:?}"),
        }
    }

    fn partition<'input>(&self, input: &'input Input) -> Option<&'input str> {
        match input {
            Input::Add(element) | Input::Remove(element) | Input::Contains(element) => {
                Some(element)
            }
            Input::Read => None,
        }
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        let (needs, leaves) = match (input, output) {
            (Input::Read, Some(Output::Elements(elements))) => {
                (Some(elements.clone()), Leaves::Same)
            }
            (Input::Contains(_) | Input::Read, _)
            | (Input::Add(_), Some(Output::Was(true)))
            | (Input::Remove(_), Some(Output::Was(false))) => (None, Leaves::Same),
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.len() * 2 * size_of::<Text>()
    }
}
