//! Objects that hold one text: registers, and keys of a store.

use super::object::Simulated;
use crate::Text;
use crate::models::cas_register::{self, CasRegister};
use crate::models::kv::{self, KeyValue};
use crate::models::register::{self, Register};
use crate::models::versioned_register::{self, VersionedRegister};
use crate::zones::tests::random::Random;

/// Which texts are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
    /// Each only once.
    New,
    /// A few, again and again.
    Few,
}

impl Values {
    fn draw(self, number: u64, random: &mut Random) -> Text {
        match self {
            Values::New => number.to_string().into(),
            Values::Few => random.below(4).to_string().into(),
        }
    }

    /// What a compare-and-swap asks for: mostly what there is.
    fn old(self, number: u64, held: &Option<Text>, random: &mut Random) -> Option<Text> {
        match random.below(4) {
            0 => Some(self.draw(number.saturating_sub(random.below(5)), random)),
            _ => held.clone(),
        }
    }
}

fn held_at_first(random: &mut Random) -> Option<Text> {
    match random.below(3) {
        0 => None,
        1 => Some("at first".into()),
        _ => Some(random.below(4).to_string().into()),
    }
}

pub(crate) struct Registers(pub(crate) Values);

impl Simulated for Registers {
    type Model = Register;

    const NAME: &str = "register";

    fn model(&self) -> Register {
        Register
    }

    fn beginning(&self, random: &mut Random) -> Option<Text> {
        held_at_first(random)
    }

    fn ask(&self, number: u64, _: &Option<Text>, random: &mut Random) -> register::Input {
        match random.below(20) {
            0 => register::Input::Clear,
            1..10 => register::Input::Write(self.0.draw(number, random)),
            _ => register::Input::Read,
        }
    }

    fn answer(&self, state: &Option<Text>, input: &register::Input, _: bool) -> register::Output {
        match input {
            register::Input::Read => register::Output::Value(state.clone()),
            register::Input::Write(_) | register::Input::Clear => register::Output::Done,
        }
    }
}

pub(crate) struct CasRegisters(pub(crate) Values);

impl Simulated for CasRegisters {
    type Model = CasRegister;

    const NAME: &str = "cas-register";

    fn model(&self) -> CasRegister {
        CasRegister
    }

    fn beginning(&self, random: &mut Random) -> Option<Text> {
        held_at_first(random)
    }

    fn ask(&self, number: u64, state: &Option<Text>, random: &mut Random) -> cas_register::Input {
        use cas_register::Input;
        match random.below(10) {
            0..2 => Input::Write(self.0.draw(number, random)),
            2..6 => Input::Cas {
                old: self.0.old(number, state, random),
                new: Some(self.0.draw(number, random)),
            },
            _ => Input::Read,
        }
    }

    fn answer(&self, state: &Option<Text>, input: &cas_register::Input, _: bool) -> kv::Output {
        match input {
            cas_register::Input::Read => kv::Output::Value(state.clone()),
            cas_register::Input::Cas { old, .. } => kv::Output::Swapped(old == state),
            cas_register::Input::Write(_) | cas_register::Input::Clear => kv::Output::Done,
        }
    }
}

/// One key of a store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stores {
    pub(crate) values: Values,
    /// Of ten operations, how many get, put, delete, append and cas.
    pub(crate) weights: [u64; 5],
}

impl Simulated for Stores {
    type Model = KeyValue;

    const NAME: &str = "kv";

    fn model(&self) -> KeyValue {
        KeyValue
    }

    fn beginning(&self, random: &mut Random) -> Option<Text> {
        held_at_first(random)
    }

    fn ask(&self, number: u64, state: &Option<Text>, random: &mut Random) -> kv::Input {
        let mut left = random.below(self.weights.iter().sum());
        let mut is_kind = |kind: usize| {
            let weight = self.weights[kind];
            let is_it = left < weight;
            left = left.saturating_sub(weight);
            is_it
        };
        let value = self.values.draw(number, random);
        let op = if is_kind(0) {
            kv::Op::Get
        } else if is_kind(1) {
            kv::Op::Put(value)
        } else if is_kind(2) {
            kv::Op::Delete
        } else if is_kind(3) {
            kv::Op::Append(value.followed_by(" "))
        } else {
            kv::Op::Cas {
                old: self.values.old(number, state, random),
                new: Some(value),
            }
        };
        let key = "k".into();
        kv::Input { key, op }
    }

    fn answer(&self, state: &Option<Text>, input: &kv::Input, tells: bool) -> kv::Output {
        match &input.op {
            kv::Op::Get => kv::Output::Value(state.clone()),
            kv::Op::Cas { old, .. } => kv::Output::Swapped(old == state),
            kv::Op::Delete if tells => kv::Output::Swapped(state.is_some()),
            kv::Op::Delete | kv::Op::Put(_) | kv::Op::Append(_) => kv::Output::Done,
        }
    }
}

pub(crate) struct VersionedRegisters;

impl Simulated for VersionedRegisters {
    type Model = VersionedRegister;

    const NAME: &str = "versioned-register";

    fn model(&self) -> VersionedRegister {
        VersionedRegister
    }

    fn beginning(&self, random: &mut Random) -> versioned_register::State {
        versioned_register::State {
            version: random.below(4),
            value: held_at_first(random),
        }
    }

    fn ask(
        &self,
        number: u64,
        state: &versioned_register::State,
        random: &mut Random,
    ) -> versioned_register::Input {
        use versioned_register::Input;
        let new = Some(Values::Few.draw(number, random));
        match random.below(10) {
            0..3 => Input::Write(new),
            3..5 => Input::Cas {
                old: state.value.clone(),
                new,
            },
            _ => Input::Read,
        }
    }

    fn answer(
        &self,
        state: &versioned_register::State,
        input: &versioned_register::Input,
        tells: bool,
    ) -> versioned_register::Output {
        let is_read = *input == versioned_register::Input::Read;
        versioned_register::Output {
            version: tells.then_some(state.version + u64::from(!is_read)),
            value: is_read.then(|| state.value.clone()),
        }
    }
}
