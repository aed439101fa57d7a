//! Registers and key-value stores: objects of which each part holds one text.

use knossos::Text;
use knossos::models::cas_register::{self, CasRegister};
use knossos::models::kv::{self, KeyValue};
use knossos::models::register::{self, Register};

use super::{Renamed, Subject, content, renamed, renamed_content, text};

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
        use register::Input::{Clear, Read, Write};
        vec![Read, Read, Write(text("a")), Write(text("b")), Clear]
    }

    fn answer(&self, state: &Option<Text>, input: &register::Input) -> register::Output {
        match input {
            register::Input::Read => register::Output::Value(state.clone()),
            register::Input::Write(_) | register::Input::Clear => register::Output::Done,
        }
    }

    fn rename(&self, input: &register::Input, output: Option<&register::Output>) -> Renamed<Self> {
        let input = match input {
            register::Input::Read => register::Input::Read,
            register::Input::Write(value) => register::Input::Write(renamed(value)),
            register::Input::Clear => register::Input::Clear,
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
        use cas_register::Input::{Cas, Clear, Read, Write};
        let cas = |old: Option<&str>, new: &str| Cas {
            old: old.map(Into::into),
            new: content(new),
        };
        vec![
            Read,
            Read,
            Write(text("a")),
            Clear,
            cas(None, "a"),
            cas(Some("a"), "b"),
        ]
    }

    fn answer(&self, state: &Option<Text>, input: &cas_register::Input) -> kv::Output {
        match input {
            cas_register::Input::Read => kv::Output::Value(state.clone()),
            cas_register::Input::Write(_) | cas_register::Input::Clear => kv::Output::Done,
            cas_register::Input::Cas { old, .. } => kv::Output::Swapped(old == state),
        }
    }

    fn rename(&self, input: &cas_register::Input, output: Option<&kv::Output>) -> Renamed<Self> {
        let input = match input {
            cas_register::Input::Read => cas_register::Input::Read,
            cas_register::Input::Write(value) => cas_register::Input::Write(renamed(value)),
            cas_register::Input::Clear => cas_register::Input::Clear,
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
            on("y", Delete),
        ]
    }

    fn answer(&self, state: &Option<Text>, input: &kv::Input) -> kv::Output {
        match &input.op {
            kv::Op::Get => kv::Output::Value(state.clone()),
            kv::Op::Cas { old, .. } => kv::Output::Swapped(old == state),
            // Those of one key tell whether it was there.
            kv::Op::Delete if &*input.key == "y" => kv::Output::Swapped(state.is_some()),
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
