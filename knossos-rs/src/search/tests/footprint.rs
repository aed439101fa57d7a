//! Footprints that a user's model may tell, and the ready-made ones do not.

use super::small::search;
use crate::{Footprint, Leaves, Model, Operation};

/// A number that is set, or moved from one value to another; whoever moves it knows from where,
/// even if the outcome is lost.
struct Moved;

#[derive(PartialEq)]
enum Input {
    Set(u8),
    Move { from: u8, to: u8 },
}

impl Model for Moved {
    type Input = Input;
    type Output = ();
    type State = u8;

    fn initial(&self) -> u8 {
        0
    }

    fn step(&self, state: &u8, input: &Input, _: Option<&()>) -> Option<u8> {
        match input {
            Input::Set(value) => Some(*value),
            Input::Move { from, to } => (state == from).then_some(*to),
        }
    }

    fn describe(&self, _: &Input, _: Option<&()>) -> String {
        "a move".to_owned()
    }

    fn footprint(&self, input: &Input, _: Option<&()>) -> Footprint<u8> {
        match input {
            Input::Set(value) => Footprint {
                needs: None,
                leaves: Leaves::Always(*value),
            },
            Input::Move { from, to } => Footprint {
                needs: Some(*from),
                leaves: Leaves::Always(*to),
            },
        }
    }
}

#[test]
fn a_state_that_only_an_unknown_operation_needs_may_be_left_for_good() {
    let history = [
        Operation::unknown(1, Input::Move { from: 0, to: 1 }, 0),
        Operation::completed(2, Input::Set(2), (), 0, 1),
        Operation::completed(2, Input::Move { from: 2, to: 3 }, (), 2, 3),
    ];
    assert!(search(&Moved, &history, None).is_some());
}

#[test]
fn operations_at_the_end_of_time_are_concurrent() {
    let end = u64::MAX;
    let history = [
        Operation::completed(1, Input::Set(1), (), 0, end),
        Operation::completed(2, Input::Set(2), (), end, end),
        Operation::completed(3, Input::Move { from: 2, to: 3 }, (), 1, end - 1),
    ];
    // The move returned before the only set of what it needs was called.
    assert!(search(&Moved, &history, None).is_none());
    let history = [
        Operation::completed(1, Input::Move { from: 2, to: 3 }, (), 0, end),
        Operation::completed(2, Input::Set(2), (), end, end),
    ];
    assert!(search(&Moved, &history, None).is_some());
}
