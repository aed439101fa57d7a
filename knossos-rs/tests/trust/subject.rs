//! What the suite has to know of a model to try its checker.

use std::fmt::Debug;

use knossos::models::bank::{self, Bank};
use knossos::models::cas_register::{self, CasRegister};
use knossos::models::kv::{self, KeyValue};
use knossos::models::nondeterministic::{Choice, Nondeterministic};
use knossos::models::queue::{self, Queue};
use knossos::models::register::{self, Register};
use knossos::models::set::{self, Set};
use knossos::models::stack::{self, Stack};
use knossos::{Model, Operation, Text};

/// A model that the suite can draw histories of.
pub(crate) trait Subject {
    type Model: Model<Input: Clone + Debug, Output: Clone + Debug>;

    fn name(&self) -> &'static str;

    fn model(&self) -> &Self::Model;

    /// What clients ask.
    fn inputs(&self) -> Vec<Input<Self>>;

    /// What one of them is answered in a state; one of several answers, if there are several.
    fn answer(&self, state: &State<Self>, input: &Input<Self>) -> Output<Self>;

    /// The same operation with other values, keys or accounts.
    fn rename(&self, input: &Input<Self>, output: Option<&Output<Self>>) -> Renamed<Self>;

    /// Something that no answer to the inputs above can depend on.
    fn unobserved(&self) -> Input<Self>;
}

pub(crate) type Input<S> = <<S as Subject>::Model as Model>::Input;
pub(crate) type Output<S> = <<S as Subject>::Model as Model>::Output;
pub(crate) type State<S> = <<S as Subject>::Model as Model>::State;
pub(crate) type Renamed<S> = (Input<S>, Option<Output<S>>);
pub(crate) type History<S> = Vec<Operation<Input<S>, Output<S>>>;

/// Calls a generic function with every subject.
#[macro_export]
macro_rules! for_every_subject {
    ($function:ident $(, $argument:expr)*) => {{
        use $crate::subject as subjects;
        $function(&subjects::Registers $(, $argument)*);
        $function(&subjects::CasRegisters $(, $argument)*);
        $function(&subjects::Stores $(, $argument)*);
        $function(&subjects::Sets $(, $argument)*);
        $function(&subjects::Queues $(, $argument)*);
        $function(&subjects::Stacks $(, $argument)*);
        $function(&subjects::Banks::new() $(, $argument)*);
        $function(&subjects::LossyCounters $(, $argument)*);
    }};
}

/// Swaps the letters, so that a text and its beginnings stay in their relation.
fn renamed(text: &Text) -> Text {
    let swap = |letter| match letter {
        'a' => 'b',
        'b' => 'a',
        other => other,
    };
    text.chars().map(swap).collect::<String>().into()
}

fn renamed_content(content: &Option<Text>) -> Option<Text> {
    content.as_ref().map(renamed)
}

fn text(letter: &str) -> Text {
    letter.into()
}

fn content(letter: &str) -> Option<Text> {
    Some(letter.into())
}

pub(crate) struct Registers;

impl Subject for Registers {
    type Model = Register;

    fn name(&self) -> &'static str {
        "register"
    }

    fn model(&self) -> &Register {
        &Register
    }

    fn inputs(&self) -> Vec<register::Input> {
        use register::Input::{Read, Write};
        vec![Read, Read, Write(text("a")), Write(text("b"))]
    }

    fn answer(&self, state: &Option<Text>, input: &register::Input) -> register::Output {
        match input {
            register::Input::Read => register::Output::Value(state.clone()),
            register::Input::Write(_) => register::Output::Done,
        }
    }

    fn rename(&self, input: &register::Input, output: Option<&register::Output>) -> Renamed<Self> {
        let input = match input {
            register::Input::Read => register::Input::Read,
            register::Input::Write(value) => register::Input::Write(renamed(value)),
        };
        let output = output.map(|output| match output {
            register::Output::Value(value) => register::Output::Value(renamed_content(value)),
            register::Output::Done => register::Output::Done,
        });
        (input, output)
    }

    fn unobserved(&self) -> register::Input {
        register::Input::Write(text("nobody reads this"))
    }
}

fn renamed_answer(output: &kv::Output) -> kv::Output {
    match output {
        kv::Output::Value(value) => kv::Output::Value(renamed_content(value)),
        other => other.clone(),
    }
}

pub(crate) struct CasRegisters;

impl Subject for CasRegisters {
    type Model = CasRegister;

    fn name(&self) -> &'static str {
        "cas-register"
    }

    fn model(&self) -> &CasRegister {
        &CasRegister
    }

    fn inputs(&self) -> Vec<cas_register::Input> {
        use cas_register::Input::{Cas, Read, Write};
        let cas = |old: Option<&str>, new: &str| Cas {
            old: old.map(Into::into),
            new: content(new),
        };
        vec![
            Read,
            Read,
            Write(text("a")),
            cas(None, "a"),
            cas(Some("a"), "b"),
        ]
    }

    fn answer(&self, state: &Option<Text>, input: &cas_register::Input) -> kv::Output {
        match input {
            cas_register::Input::Read => kv::Output::Value(state.clone()),
            cas_register::Input::Write(_) => kv::Output::Done,
            cas_register::Input::Cas { old, .. } => kv::Output::Swapped(old == state),
        }
    }

    fn rename(&self, input: &cas_register::Input, output: Option<&kv::Output>) -> Renamed<Self> {
        let input = match input {
            cas_register::Input::Read => cas_register::Input::Read,
            cas_register::Input::Write(value) => cas_register::Input::Write(renamed(value)),
            cas_register::Input::Cas { old, new } => cas_register::Input::Cas {
                old: renamed_content(old),
                new: renamed_content(new),
            },
        };
        (input, output.map(renamed_answer))
    }

    fn unobserved(&self) -> cas_register::Input {
        cas_register::Input::Cas {
            old: content("nobody writes this"),
            new: content("nobody reads this"),
        }
    }
}

/// Key-value stores, on two keys.
pub(crate) struct Stores;

impl Subject for Stores {
    type Model = KeyValue;

    fn name(&self) -> &'static str {
        "kv"
    }

    fn model(&self) -> &KeyValue {
        &KeyValue
    }

    fn inputs(&self) -> Vec<kv::Input> {
        use kv::Op::{Append, Cas, Delete, Get, Put};
        let on = |key: &str, op| kv::Input {
            key: key.into(),
            op,
        };
        let cas = Cas {
            old: content("a"),
            new: content("b"),
        };
        vec![
            on("x", Get),
            on("x", Get),
            on("x", Put(text("a"))),
            on("x", Append(text("b"))),
            on("x", Delete),
            on("x", cas),
            on("y", Get),
            on("y", Put(text("b"))),
        ]
    }

    fn answer(&self, state: &Option<Text>, input: &kv::Input) -> kv::Output {
        match &input.op {
            kv::Op::Get => kv::Output::Value(state.clone()),
            kv::Op::Cas { old, .. } => kv::Output::Swapped(old == state),
            kv::Op::Put(_) | kv::Op::Delete | kv::Op::Append(_) => kv::Output::Done,
        }
    }

    fn rename(&self, input: &kv::Input, output: Option<&kv::Output>) -> Renamed<Self> {
        let op = match &input.op {
            kv::Op::Get => kv::Op::Get,
            kv::Op::Put(value) => kv::Op::Put(renamed(value)),
            kv::Op::Delete => kv::Op::Delete,
            kv::Op::Append(suffix) => kv::Op::Append(renamed(suffix)),
            kv::Op::Cas { old, new } => kv::Op::Cas {
                old: renamed_content(old),
                new: renamed_content(new),
            },
        };
        let key = format!("another {}", input.key).into();
        (kv::Input { key, op }, output.map(renamed_answer))
    }

    fn unobserved(&self) -> kv::Input {
        kv::Input {
            key: "nobody reads this".into(),
            op: kv::Op::Put(text("a")),
        }
    }
}

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
        }
    }

    fn rename(&self, input: &queue::Input, output: Option<&queue::Output>) -> Renamed<Self> {
        let input = match input {
            queue::Input::Enqueue(value) => queue::Input::Enqueue(renamed(value)),
            queue::Input::Dequeue => queue::Input::Dequeue,
        };
        let output = output.map(|output| match output {
            queue::Output::Value(value) => queue::Output::Value(renamed_content(value)),
            queue::Output::Done => queue::Output::Done,
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

/// A bank with two accounts that start alike.
pub(crate) struct Banks(Bank);

impl Banks {
    pub(crate) fn new() -> Banks {
        Banks(Bank::new([("a", 2), ("b", 2)]))
    }
}

impl Subject for Banks {
    type Model = Bank;

    fn name(&self) -> &'static str {
        "bank"
    }

    fn model(&self) -> &Bank {
        &self.0
    }

    fn inputs(&self) -> Vec<bank::Input> {
        let transfer = |from: &str, to: &str, amount| bank::Input::Transfer {
            from: from.into(),
            to: to.into(),
            amount,
        };
        vec![
            transfer("a", "b", 2),
            transfer("b", "a", 1),
            bank::Input::Balance(text("a")),
            bank::Input::Read,
        ]
    }

    fn answer(&self, state: &State<Self>, input: &bank::Input) -> bank::Output {
        match input {
            bank::Input::Transfer { from, amount, .. } => {
                bank::Output::Moved(state[from] >= *amount)
            }
            bank::Input::Balance(account) => bank::Output::Holds(state.get(account).copied()),
            bank::Input::Read => bank::Output::Balances(state.clone()),
        }
    }

    fn rename(&self, input: &bank::Input, output: Option<&bank::Output>) -> Renamed<Self> {
        let input = match input {
            bank::Input::Transfer { from, to, amount } => bank::Input::Transfer {
                from: renamed(from),
                to: renamed(to),
                amount: *amount,
            },
            bank::Input::Balance(account) => bank::Input::Balance(renamed(account)),
            bank::Input::Read => bank::Input::Read,
        };
        let output = output.map(|output| match output {
            bank::Output::Balances(balances) => bank::Output::Balances(
                balances
                    .iter()
                    .map(|(account, balance)| (renamed(account), *balance))
                    .collect(),
            ),
            other => other.clone(),
        });
        (input, output)
    }

    fn unobserved(&self) -> bank::Input {
        bank::Input::Transfer {
            from: text("nobody"),
            to: text("a"),
            amount: 1,
        }
    }
}

/// A counter that may lose an increment.
pub(crate) struct Lossy;

impl Choice for Lossy {
    type Input = bool;
    type Output = u8;
    type State = u8;

    fn initial(&self) -> Vec<u8> {
        vec![0]
    }

    fn step(&self, state: &u8, adds: &bool, output: Option<&u8>) -> Vec<u8> {
        let after = if *adds {
            vec![*state, state + 1]
        } else {
            vec![*state]
        };
        after
            .into_iter()
            .filter(|after| output.is_none_or(|seen| seen == after))
            .collect()
    }

    fn describe(&self, adds: &bool, output: Option<&u8>) -> String {
        format!("{} = {output:?}", if *adds { "add" } else { "read" })
    }
}

pub(crate) struct LossyCounters;

impl Subject for LossyCounters {
    type Model = Nondeterministic<Lossy>;

    fn name(&self) -> &'static str {
        "nondeterministic"
    }

    fn model(&self) -> &Nondeterministic<Lossy> {
        &Nondeterministic(Lossy)
    }

    fn inputs(&self) -> Vec<bool> {
        vec![true, false]
    }

    fn answer(&self, state: &State<Self>, adds: &bool) -> u8 {
        state.last().expect("a state is possible") + u8::from(*adds)
    }

    fn rename(&self, input: &bool, output: Option<&u8>) -> Renamed<Self> {
        (*input, output.copied())
    }

    fn unobserved(&self) -> bool {
        false
    }
}
