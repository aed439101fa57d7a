//! Objects that hold many texts: sets, queues and stacks.

use knossos::models::queue::{self, Queue};
use knossos::models::set::{self, Set};
use knossos::models::stack::{self, Stack};

use super::{Renamed, State, Subject, renamed, renamed_content, text};

pub(crate) struct Sets;

impl Subject for Sets {
    type Model = Set;

    fn name(&self) -> &'static str {
        "set"
    }

    fn model(&self) -> &Set {
        &Set
    }

    fn inputs(&self) -> Vec<set::Input> {
        use set::Input::{Add, Contains, Read, Remove};
        vec![
            Add(text("a")),
            Add(text("b")),
            Remove(text("a")),
            Contains(text("a")),
            Read,
        ]
    }

    fn answer(&self, state: &State<Self>, input: &set::Input) -> set::Output {
        match input {
            set::Input::Add(_) => set::Output::Done,
            set::Input::Remove(element) | set::Input::Contains(element) => {
                set::Output::Was(state.contains(element))
            }
            set::Input::Read => set::Output::Elements(state.clone()),
        }
    }

    fn rename(&self, input: &set::Input, output: Option<&set::Output>) -> Renamed<Self> {
        let input = match input {
            set::Input::Add(element) => set::Input::Add(renamed(element)),
            set::Input::Remove(element) => set::Input::Remove(renamed(element)),
            set::Input::Contains(element) => set::Input::Contains(renamed(element)),
            set::Input::Read => set::Input::Read,
        };
        let output = output.map(|output| match output {
            set::Output::Elements(elements) => {
                set::Output::Elements(elements.iter().map(renamed).collect())
            }
            other => other.clone(),
        });
        (input, output)
    }

    fn unobserved(&self) -> set::Input {
        set::Input::Contains(text("a"))
    }
}

pub(crate) struct Queues;

impl Subject for Queues {
    type Model = Queue;

    fn name(&self) -> &'static str {
        "queue"
    }

    fn model(&self) -> &Queue {
        &Queue
    }

    fn inputs(&self) -> Vec<queue::Input> {
        use queue::Input::{Dequeue, Enqueue};
        vec![Enqueue(text("a")), Enqueue(text("b")), Dequeue, Dequeue]
    }

    fn answer(&self, state: &State<Self>, input: &queue::Input) -> queue::Output {
        match input {
            queue::Input::Enqueue(_) => queue::Output::Done,
            queue::Input::Dequeue => queue::Output::Value(state.front().cloned()),
            queue::Input::Drain => queue::Output::Drained(state.iter().cloned().collect()),
        }
    }

    fn rename(&self, input: &queue::Input, output: Option<&queue::Output>) -> Renamed<Self> {
        let input = match input {
            queue::Input::Enqueue(value) => queue::Input::Enqueue(renamed(value)),
            queue::Input::Dequeue => queue::Input::Dequeue,
            queue::Input::Drain => queue::Input::Drain,
        };
        let output = output.map(|output| match output {
            queue::Output::Value(value) => queue::Output::Value(renamed_content(value)),
            queue::Output::Done => queue::Output::Done,
            queue::Output::Drained(values) => {
                queue::Output::Drained(values.iter().map(renamed).collect())
            }
        });
        (input, output)
    }

    fn unobserved(&self) -> queue::Input {
        queue::Input::Enqueue(text("nobody takes this"))
    }
}

pub(crate) struct Stacks;

impl Subject for Stacks {
    type Model = Stack;

    fn name(&self) -> &'static str {
        "stack"
    }

    fn model(&self) -> &Stack {
        &Stack
    }

    fn inputs(&self) -> Vec<stack::Input> {
        use stack::Input::{Pop, Push};
        vec![Push(text("a")), Push(text("b")), Pop, Pop]
    }

    fn answer(&self, state: &State<Self>, input: &stack::Input) -> stack::Output {
        match input {
            stack::Input::Push(_) => stack::Output::Done,
            stack::Input::Pop => stack::Output::Value(state.last().cloned()),
        }
    }

    fn rename(&self, input: &stack::Input, output: Option<&stack::Output>) -> Renamed<Self> {
        let input = match input {
            stack::Input::Push(value) => stack::Input::Push(renamed(value)),
            stack::Input::Pop => stack::Input::Pop,
        };
        let output = output.map(|output| match output {
            stack::Output::Value(value) => stack::Output::Value(renamed_content(value)),
            stack::Output::Done => stack::Output::Done,
        });
        (input, output)
    }

    fn unobserved(&self) -> stack::Input {
        stack::Input::Push(text("nobody takes this"))
    }
}
