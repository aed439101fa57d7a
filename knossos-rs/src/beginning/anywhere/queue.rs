//! The queue that began with nobody knows what.

use crate::beginning::any_beginning::AnyBeginning;
use crate::model::Model;
use crate::models::nondeterministic::{Choice, Nondeterministic};
use crate::models::queue::{Input, Output, Queue};
use crate::text::Text;

/// A queue that held something at first, which dequeues tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyQueue;

/// What is known of such a queue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// What is left of what it held at first, if anything is, and then this.
    Began(Vec<Text>),
    /// This.
    Holds(Vec<Text>),
}

impl Choice for AnyQueue {
    type Input = Input;
    type Output = Output;
    type State = State;

    fn initial(&self) -> Vec<State> {
        vec![State::Began(Vec::new())]
    }

    fn step(&self, state: &State, input: &Input, output: Option<&Output>) -> Vec<State> {
        let (State::Began(held) | State::Holds(held)) = state;
        // Had nothing been left of what it held at first.
        let only = Queue.step(&held.iter().cloned().collect(), input, output);
        let only = only.map(Vec::from);
        let State::Began(held) = state else {
            return only.map(State::Holds).into_iter().collect();
        };
        let with_more = match (input, output) {
            (Input::Enqueue(_), _) => return only.map(State::Began).into_iter().collect(),
            (Input::Dequeue, None | Some(Output::Value(Some(_)))) => {
                Some(State::Began(held.clone()))
            }
            (Input::Drain, Some(Output::Drained(values))) if values.ends_with(held) => {
                Some(State::Holds(Vec::new()))
            }
            _ => None,
        };
        let mut after: Vec<State> = only.map(State::Holds).into_iter().collect();
        after.extend(with_more);
        after
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        Queue.describe(input, output)
    }
}

impl AnyBeginning for Queue {
    type Anywhere = Nondeterministic<AnyQueue>;

    fn anywhere(&self) -> Option<Self::Anywhere> {
        Some(Nondeterministic(AnyQueue))
    }
}
