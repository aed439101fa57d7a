//! The versioned register: `read`, `write`, `cas`, each with `[version value]`.

use super::kv::render_cas;
use super::value::{datum_or_null, held, value};
use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::models::versioned_register::{Input, Output, State, VersionedRegister};

const NAME: &str = "versioned-register";

impl Codec for VersionedRegister {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        names::check(NAME, &line.op)?;
        let input = match &*line.op {
            "read" => Input::Read,
            "write" => Input::Write(value(versioned(&line.input, "in")?.1, "in[1]")?),
            _ => {
                let (old, new) = answer::old_and_new(versioned(&line.input, "in")?.1)?;
                Input::Cas { old, new }
            }
        };
        let output = line.output.as_ref();
        let output = output
            .map(|output| self.parse_answer(line, &input, output))
            .transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Read => ("read", Datum::Null),
            Input::Write(value) => ("write", datum_or_null(value.as_ref())),
            Input::Cas { old, new } => ("cas", render_cas(old.as_ref(), new.as_ref())),
        };
        let with = |version: Option<u64>, value: Datum| {
            let version = version.map_or(Datum::Null, |version| Datum::Number(version.into()));
            Datum::List(vec![version, value])
        };
        let output = output.map(|output| match (input, &output.value) {
            (Input::Read, Some(seen)) => {
                Datum::entry("value", with(output.version, datum_or_null(seen.as_ref())))
            }
            (Input::Read, None) => answer::unseen(),
            _ => super::queue::happened(with(output.version, asked.clone())),
        });
        Line {
            op: op.into(),
            key: None,
            input: if op == "read" {
                asked
            } else {
                with(None, asked)
            },
            output,
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<State, String> {
        let (version, held) = match versioned(state, "the value") {
            Ok((version, held)) => (version.unwrap_or(0), held),
            Err(_) => (0, state),
        };
        let value = value(held, "the value")?;
        Ok(State { version, value })
    }

    fn render_state(&self, state: &State) -> Option<Datum> {
        let version = Datum::Number(state.version.into());
        Some(Datum::List(vec![version, held(state.value.as_ref())?]))
    }

    fn is_keyed(&self) -> bool {
        false
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
    }
}

impl VersionedRegister {
    /// The version, and for a read the value, that the operation answered.
    fn parse_answer(&self, line: &Line, input: &Input, output: &Datum) -> Result<Output, String> {
        let told = if *input == Input::Read {
            answer::seen_datum(&line.op, output)?
        } else {
            answer::done(&line.op, output)?;
            output.get("value")
        };
        let (version, told) = match told {
            None | Some(Datum::Null) => (None, None),
            Some(told) => {
                let (version, told) = versioned(told, "out.value")?;
                (version, Some(told))
            }
        };
        match (input, told) {
            (Input::Read, Some(Datum::Null)) if version.is_none() => Ok(Output {
                version,
                value: None,
            }),
            (Input::Read, Some(seen)) => Ok(Output {
                version,
                value: Some(value(seen, "out.value[1]")?),
            }),
            (_, Some(told)) if *told != *versioned(&line.input, "in")?.1 => Err(format!(
                "`out.value` tells {told}, and `in` is {}; a {} answers with what it was asked",
                line.input, line.op
            )),
            _ => Ok(Output {
                version,
                value: None,
            }),
        }
    }
}

/// A version and what is beside it.
fn versioned<'a>(datum: &'a Datum, field: &str) -> Result<(Option<u64>, &'a Datum), String> {
    let parts = match datum {
        Datum::List(parts) => parts.as_slice(),
        _ => &[],
    };
    let found = match parts {
        [Datum::Null, value] => Some((None, value)),
        [Datum::Number(version), value] => version.as_u64().map(|version| (Some(version), value)),
        _ => None,
    };
    found.ok_or_else(|| {
        format!("`{field}` is {datum}; it must be [version value], null being a version not known")
    })
}
