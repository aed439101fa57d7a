//! The mutex: acquire and release, free at first.
//!
//! It does not know who holds it: any client may release what another acquired.

use serde::{Deserialize, Serialize};

use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Leaves, Model};

/// A mutex.
///
/// ```
/// use knossos::models::mutex::{Input, Mutex};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let history = [
///     Operation::completed(1, Input::Acquire, (), 0, 10),
///     Operation::completed(2, Input::Acquire, (), 20, 30),
/// ];
/// let report = check(&Mutex, &history, None, &Limits::none());
/// assert!(matches!(report.verdict, Verdict::Violation(_)), "both hold it");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Mutex;

/// An operation on the mutex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Take it, if it is free.
    Acquire,
    /// Give it back, if it is held.
    Release,
}

/// Whether the mutex is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody holds it.
    Free,
    /// Somebody holds it.
    Held,
}

impl Input {
    /// The state in which the operation does something, and the one that it leaves then.
    fn change(self) -> (State, State) {
        match self {
            Input::Acquire => (State::Free, State::Held),
            Input::Release => (State::Held, State::Free),
        }
    }
}

impl Model for Mutex {
    type Input = Input;
    /// It went well. One that did not is an operation that failed, and no part of a history.
    type Output = ();
    type State = State;

    fn initial(&self) -> State {
        State::Free
    }

    fn step(&self, state: &State, input: &Input, output: Option<&()>) -> Option<State> {
        let (before, after) = input.change();
        if *state == before {
            Some(after)
        } else {
            output.is_none().then_some(*state)
        }
    }

    fn describe(&self, input: &Input, output: Option<&()>) -> String {
        let what = match input {
            Input::Acquire => "acquire",
            Input::Release => "release",
        };
        let outcome = if output.is_none() {
            " (outcome unknown)"
        } else {
            ""
        };
        format!("{what}{outcome}")
    }

    fn footprint(&self, input: &Input, output: Option<&()>) -> Footprint<State> {
        let (before, after) = input.change();
        let leaves = match output {
            Some(()) => Leaves::Always(after),
            None => Leaves::Sometimes(after),
        };
        let needs = Some(before);
        Footprint { needs, leaves }
    }
}

impl AnyBeginning for Mutex {
    type Anywhere = Self;

    /// Every operation asks for one of the two states.
    fn finds_all(&self) -> bool {
        true
    }
}
