//! The queue: first in, first out, empty at first.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::model::{Model, Queued};
use crate::text::Text;

/// A queue of texts.
///
/// ```
/// use knossos::models::queue::{Input, Output, Queue};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let history = [
///     Operation::completed(1, Input::Enqueue("a".into()), Output::Done, 0, 10),
///     Operation::completed(1, Input::Enqueue("b".into()), Output::Done, 20, 30),
///     Operation::completed(2, Input::Dequeue, Output::Value(Some("b".into())), 40, 50),
/// ];
/// let report = check(&Queue, &history, None, &Limits::none());
/// assert!(matches!(report.verdict, Verdict::Violation(_)), "\"a\" came first");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Queue;

/// An operation on the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Put this at the end.
    Enqueue(Text),
    /// Take the first element, if there is one.
    Dequeue,
    /// Take one element after the other until there is none. Readers of files take it apart
    /// into [`Input::Dequeue`]s, the last of which found nothing, where others may take elements
    /// meanwhile; here it happens at once.
    Drain,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of an enqueue.
    Done,
    /// Of a dequeue: the element, `None` if the queue was empty.
    Value(Option<Text>),
    /// Of a drain: the elements.
    Drained(Vec<Text>),
}

impl Model for Queue {
    type Input = Input;
    type Output = Output;
    type State = VecDeque<Text>;

    fn initial(&self) -> Self::State {
        VecDeque::new()
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        let is_possible = match (input, output) {
            (_, None) | (Input::Enqueue(_), Some(Output::Done)) => true,
            (Input::Dequeue, Some(Output::Value(value))) => state.front() == value.as_ref(),
            (Input::Drain, Some(Output::Drained(values))) => state.iter().eq(values),
            _ => false,
        };
        is_possible.then(|| {
            let mut after = state.clone();
            match input {
                Input::Enqueue(value) => after.push_back(value.clone()),
                Input::Dequeue => drop(after.pop_front()),
                Input::Drain => after.clear(),
            }
            after
        })
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let question = match input {
            Input::Enqueue(value) => format!("enqueue {value:?}"),
            Input::Dequeue => "dequeue".to_owned(),
            Input::Drain => "drain".to_owned(),
        };
        match output {
            None => format!("{question} (outcome unknown)"),
            Some(Output::Done) => question,
            Some(Output::Value(None)) => format!("{question} = nothing"),
            Some(Output::Value(Some(value))) => format!("{question} = {value:?}"),
            Some(Output::Drained(values)) => format!("{question} = {values:?}"),
        }
    }

    fn queued<'a>(&self, input: &'a Input, output: Option<&'a Output>) -> Option<Queued<'a>> {
        match (input, output) {
            (Input::Enqueue(value), None | Some(Output::Done)) => Some(Queued::Put(value)),
            (Input::Dequeue, None) => Some(Queued::TookAnything),
            (Input::Dequeue, Some(Output::Value(None))) => Some(Queued::FoundNothing),
            (Input::Dequeue, Some(Output::Value(Some(value)))) => Some(Queued::Took(value)),
            _ => None,
        }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.capacity() * size_of::<Text>()
    }
}
