//! The versioned register: `read`, `write`, `cas`, each with `[version value]`.

use super::kv::render_cas;
use super::value::{datum_or_null, held, value};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::versioned_register::{Input, Output, State, VersionedRegister};

impl Words for VersionedRegister {
    const NAME: &'static str = "versioned-register";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "read" => Input::Read,
            "write" => Input::Write(value(versioned(&line.input, "in")?.1, "in[1]")?),
            "cas" => {
                let (old, new) = answer::old_and_new(versioned(&line.input, "in")?.1)?;
                Input::Cas { old, new }
            }
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        self.parse_answer(line, input, output)
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Read => ("read", Datum::Null),
            Input::Write(_) => ("write", with(None, unversioned(input))),
            Input::Cas { .. } => ("cas", with(None, unversioned(input))),
        }
    }

    fn answer(&self, input: &Input, output: &Output) -> Datum {
        match (input, &output.value) {
            (Input::Read, Some(seen)) => {
                Datum::entry("value", with(output.version, datum_or_null(seen.as_ref())))
            }
            (Input::Read, None) => answer::unseen_of(output.version.map(|version| {
                let version = Datum::Number(version.into());
                Datum::List(vec![version, Datum::Null])
            })),
            _ => answer::happened(with(output.version, unversioned(input))),
        }
    }

    fn saw_nil(&self, seen: &Datum) -> bool {
        seen.is_null() || versioned(seen, "").is_ok_and(|(_, value)| value.is_null())
    }

    fn holding(&self, state: &Datum) -> Result<State, String> {
        let (version, held) = match versioned(state, "the value") {
            Ok((version, held)) => (version.unwrap_or(0), held),
            Err(_) => (0, state),
        };
        let value = value(held, "the value")?;
        Ok(State { version, value })
    }

    fn held(&self, state: &State) -> Option<Datum> {
        let version = Datum::Number(state.version.into());
        Some(Datum::List(vec![version, held(state.value.as_ref())?]))
    }
}

impl VersionedRegister {
    /// The version, and for a read the value, that the operation answered.
    fn parse_answer(&self, line: &Line, input: &Input, output: &Datum) -> Result<Output, String> {
        let is_read = *input == Input::Read;
        let is_unseen = is_read && answer::is_unseen(output);
        let told = match (is_read, is_unseen) {
            (true, true) => output.get("value"),
            (true, false) => Some(answer::told(&line.op, output)?),
            (false, _) => {
                answer::done(&line.op, output)?;
                output.get("value")
            }
        };
        let (version, told) = match told {
            None | Some(Datum::Null) => (None, None),
            Some(told) => {
                let (version, told) = versioned(told, "out.value")?;
                (version, Some(told))
            }
        };
        match (input, told) {
            (Input::Read, Some(seen)) if !is_unseen => Ok(Output {
                version,
                value: Some(value(seen, "out.value[1]")?),
            }),
            (Input::Write(_) | Input::Cas { .. }, Some(told))
                if *told != *versioned(&line.input, "in")?.1 =>
            {
                Err(format!(
                    "`out.value` tells {told}, and `in` is {}; a {} answers with what it was asked",
                    line.input, line.op
                ))
            }
            _ => Ok(Output {
                version,
                value: None,
            }),
        }
    }
}

/// What is written, or expected and written, without a version.
fn unversioned(input: &Input) -> Datum {
    match input {
        Input::Read => Datum::Null,
        Input::Write(value) => datum_or_null(value.as_ref()),
        Input::Cas { old, new } => render_cas(old.as_ref(), new.as_ref()),
    }
}

/// A version and a value, written.
fn with(version: Option<u64>, value: Datum) -> Datum {
    let version = version.map_or(Datum::Null, |version| Datum::Number(version.into()));
    Datum::List(vec![version, value])
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
