//! Objects that hold many texts: sets, queues and stacks.

use std::collections::{BTreeSet, VecDeque};

use super::object::Simulated;
use crate::Text;
use crate::models::queue::{self, Queue};
use crate::models::set::{self, Set};
use crate::models::stack::{self, Stack};
use crate::zones::tests::random::Random;

/// A text that is put in once, or one of a few.
fn element(repeats: bool, number: u64, random: &mut Random) -> Text {
    match repeats {
        true => random.below(4).to_string().into(),
        false => number.to_string().into(),
    }
}

fn elements_at_first(random: &mut Random) -> impl Iterator<Item = Text> {
    let count = random.below(3);
    (0..count).map(|number| Text::from(format!("first {number}")))
}

pub(crate) struct Sets {
    /// Whether somebody reads the whole.
    pub(crate) reads: bool,
}

impl Simulated for Sets {
    type Model = Set;

    const NAME: &str = "set";

    fn model(&self) -> Set {
        Set
    }

    fn beginning(&self, random: &mut Random) -> BTreeSet<Text> {
        let few = random.below(3);
        (0..few).map(|one| Text::from(one.to_string())).collect()
    }

    fn ask(&self, number: u64, _: &BTreeSet<Text>, random: &mut Random) -> set::Input {
        let one = element(true, number, random);
        match random.below(8) {
            0..2 => set::Input::Add(one),
            2..4 => set::Input::Remove(one),
            4..6 if self.reads => set::Input::Read,
            _ => set::Input::Contains(one),
        }
    }

    fn answer(&self, state: &BTreeSet<Text>, input: &set::Input, tells: bool) -> set::Output {
        match input {
            set::Input::Add(_) | set::Input::Remove(_) if !tells => set::Output::Done,
            set::Input::Add(one) | set::Input::Remove(one) | set::Input::Contains(one) => {
                set::Output::Was(state.contains(one))
            }
            set::Input::Read => set::Output::Elements(state.clone()),
        }
    }
}

pub(crate) struct Queues {
    /// Whether texts are put in more than once.
    pub(crate) repeats: bool,
}

impl Simulated for Queues {
    type Model = Queue;

    const NAME: &str = "queue";
    const IS_HARD: bool = true;

    fn model(&self) -> Queue {
        Queue
    }

    fn beginning(&self, random: &mut Random) -> VecDeque<Text> {
        elements_at_first(random).collect()
    }

    fn ask(&self, number: u64, state: &VecDeque<Text>, random: &mut Random) -> queue::Input {
        match random.below(if state.len() < 5 { 20 } else { 24 }) {
            0..10 => queue::Input::Enqueue(element(self.repeats, number, random)),
            10 if self.repeats => queue::Input::Drain,
            _ => queue::Input::Dequeue,
        }
    }

    fn answer(&self, state: &VecDeque<Text>, input: &queue::Input, _: bool) -> queue::Output {
        match input {
            queue::Input::Enqueue(_) => queue::Output::Done,
            queue::Input::Dequeue => queue::Output::Value(state.front().cloned()),
            queue::Input::Drain => queue::Output::Drained(state.iter().cloned().collect()),
        }
    }
}

pub(crate) struct Stacks {
    /// Whether texts are put in more than once.
    pub(crate) repeats: bool,
}

impl Simulated for Stacks {
    type Model = Stack;

    const NAME: &str = "stack";
    const IS_HARD: bool = true;

    fn model(&self) -> Stack {
        Stack
    }

    fn beginning(&self, random: &mut Random) -> Vec<Text> {
        elements_at_first(random).collect()
    }

    fn ask(&self, number: u64, _: &Vec<Text>, random: &mut Random) -> stack::Input {
        match random.below(2) {
            0 => stack::Input::Push(element(self.repeats, number, random)),
            _ => stack::Input::Pop,
        }
    }

    fn answer(&self, state: &Vec<Text>, input: &stack::Input, _: bool) -> stack::Output {
        match input {
            stack::Input::Push(_) => stack::Output::Done,
            stack::Input::Pop => stack::Output::Value(state.last().cloned()),
        }
    }
}
