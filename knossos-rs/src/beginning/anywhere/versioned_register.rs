//! The versioned register that began with nobody knows what.

use crate::beginning::any_beginning::AnyBeginning;
use crate::model::Model;
use crate::models::nondeterministic::{Choice, Nondeterministic};
use crate::models::versioned_register::{Input, Output, VersionedRegister};
use crate::text::Text;

/// A versioned register that held something at first, of some version; answers tell both.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyVersionedRegister;

/// What is known of such a register.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State {
    /// Its version.
    pub version: Version,
    /// What it holds; `None`: nobody knows.
    pub value: Option<Option<Text>>,
}

/// What is known of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// It is this.
    Is(u64),
    /// It is this more than nobody knows what it was.
    Grew(u64),
}

impl Version {
    /// The version after a change; `None` if there is none so large.
    fn next(self) -> Option<Version> {
        match self {
            Version::Is(version) => version.checked_add(1).map(Version::Is),
            Version::Grew(by) => by.checked_add(1).map(Version::Grew),
        }
    }

    /// The version, once it is known to be this; `None` if it is not.
    fn seen(self, seen: Option<u64>) -> Option<Version> {
        match (self, seen) {
            (version, None) => Some(version),
            (Version::Is(version), Some(seen)) => (version == seen).then_some(self),
            (Version::Grew(by), Some(seen)) => (seen >= by).then_some(Version::Is(seen)),
        }
    }
}

impl State {
    fn changed(&self, value: &Option<Text>) -> Option<State> {
        Some(State {
            version: self.version.next()?,
            value: Some(value.clone()),
        })
    }

    fn with_value(&self, value: &Option<Text>) -> State {
        State {
            version: self.version,
            value: Some(value.clone()),
        }
    }
}

impl Choice for AnyVersionedRegister {
    type Input = Input;
    type Output = Output;
    type State = State;

    fn initial(&self) -> Vec<State> {
        vec![State {
            version: Version::Grew(0),
            value: None,
        }]
    }

    fn step(&self, state: &State, input: &Input, output: Option<&Output>) -> Vec<State> {
        let could_be = |value: &Option<Text>| state.value.as_ref().is_none_or(|held| held == value);
        let is_sure = state.value.is_some();
        let told = output.and_then(|output| output.value.as_ref());
        let after = match (input, told) {
            (Input::Read, Some(seen)) if could_be(seen) => vec![state.with_value(seen)],
            (Input::Read, Some(_)) => Vec::new(),
            (Input::Read, None) => vec![state.clone()],
            (Input::Write(value), _) => {
                let unchanged = || output.is_none().then(|| state.clone());
                let after = state.changed(value).or_else(unchanged);
                after.into_iter().collect()
            }
            (Input::Cas { old, new }, _) => {
                let changed = could_be(old).then(|| state.changed(new)).flatten();
                let unchanged = output.is_none() && !(is_sure && changed.is_some());
                let unchanged = unchanged.then(|| state.clone());
                changed.into_iter().chain(unchanged).collect()
            }
        };
        let version = output.and_then(|output| output.version);
        let seen = |state: State| {
            let version = state.version.seen(version)?;
            Some(State { version, ..state })
        };
        after.into_iter().filter_map(seen).collect()
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        VersionedRegister.describe(input, output)
    }
}

impl AnyBeginning for VersionedRegister {
    type Anywhere = Nondeterministic<AnyVersionedRegister>;

    fn anywhere(&self) -> Option<Self::Anywhere> {
        Some(Nondeterministic(AnyVersionedRegister))
    }
}
