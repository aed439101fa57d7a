//! The counter: add and read, 0 at first.

use serde::{Deserialize, Serialize};

use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Leaves, Model};

/// A counter.
///
/// ```
/// use knossos::models::counter::{Counter, Input, Output};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let mut history = vec![
///     Operation::completed(1, Input::Add(2), Output::Done, 0, 10),
///     Operation::unknown(2, Input::Add(3), 0),
///     Operation::completed(3, Input::Read, Output::Count(5), 20, 30),
/// ];
/// let counter = Counter::default();
/// let verdict = |history: &[_]| check(&counter, history, None, &Limits::none()).verdict;
/// assert_eq!(verdict(&history), Verdict::Consistent);
/// history.push(Operation::completed(3, Input::Read, Output::Count(2), 40, 50));
/// assert!(matches!(verdict(&history), Verdict::Violation(_)), "what is added stays");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    begins_anywhere: bool,
}

impl Counter {
    /// A counter that begins with nobody knows what: the first read tells.
    #[must_use]
    pub fn beginning_anywhere() -> Counter {
        Counter {
            begins_anywhere: true,
        }
    }
}

/// An operation on the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Add this, which may be less than 0.
    Add(i64),
    /// What is the count?
    Read,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of an add; or of a read of which nobody knows what it saw.
    Done,
    /// Of a read: the count.
    Count(i64),
}

/// What is known of the count. Sums of as many numbers of 64 bits as fit a memory fit 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is this.
    Is(i128),
    /// It is this more than nobody knows what it began with.
    Grew(i128),
}

impl Model for Counter {
    type Input = Input;
    type Output = Output;
    type State = State;

    fn initial(&self) -> State {
        if self.begins_anywhere {
            State::Grew(0)
        } else {
            State::Is(0)
        }
    }

    fn step(&self, state: &State, input: &Input, output: Option<&Output>) -> Option<State> {
        match (input, output, *state) {
            (Input::Add(more), None | Some(Output::Done), State::Is(count)) => {
                Some(State::Is(count + i128::from(*more)))
            }
            (Input::Add(more), None | Some(Output::Done), State::Grew(by)) => {
                Some(State::Grew(by + i128::from(*more)))
            }
            (Input::Read, None | Some(Output::Done), state) => Some(state),
            (Input::Read, Some(Output::Count(seen)), State::Is(count)) => {
                (count == i128::from(*seen)).then_some(*state)
            }
            (Input::Read, Some(Output::Count(seen)), State::Grew(_)) => {
                Some(State::Is(i128::from(*seen)))
            }
            (Input::Add(_), Some(Output::Count(_)), _) => None,
        }
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let question = match input {
            Input::Add(more) => format!("add {more}"),
            Input::Read => "read".to_owned(),
        };
        match output {
            None => format!("{question} (outcome unknown)"),
            Some(Output::Done) if *input == Input::Read => format!("{question} = not known"),
            Some(Output::Done) => question,
            Some(Output::Count(seen)) => format!("{question} = {seen}"),
        }
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<State> {
        let (needs, leaves) = match (input, output) {
            (Input::Add(0), None | Some(Output::Done))
            | (Input::Read, None | Some(Output::Done)) => (None, Leaves::Same),
            // Of a counter that began anywhere, the first read tells what it holds.
            (Input::Read, Some(Output::Count(seen))) if !self.begins_anywhere => {
                (Some(State::Is(i128::from(*seen))), Leaves::Same)
            }
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }
}

impl AnyBeginning for Counter {
    type Anywhere = Self;

    fn any(&self) -> Option<State> {
        self.begins_anywhere.then_some(State::Grew(0))
    }

    fn finds_all(&self) -> bool {
        self.begins_anywhere
    }
}
