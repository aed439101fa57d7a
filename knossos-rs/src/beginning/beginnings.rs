//! What objects held before their first operation, as far as it is known.

use std::collections::BTreeMap;

use crate::model::Model;
use crate::models::starting_with::StartingWith;
use crate::text::Text;

/// What an object holds before its first operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Beginning<S> {
    /// What the model says.
    #[default]
    Usual,
    /// This.
    At(S),
    /// Nobody knows.
    Unknown,
}

/// What every part (key) of an object holds before its first operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginnings<S> {
    /// For all parts that have no beginning of their own.
    pub everywhere: Beginning<S>,
    /// By the name of the part.
    pub parts: BTreeMap<Text, Beginning<S>>,
}

impl<S> Default for Beginnings<S> {
    fn default() -> Self {
        Beginnings::all(Beginning::Usual)
    }
}

impl<S> Beginnings<S> {
    /// The same for all parts.
    #[must_use]
    pub fn all(everywhere: Beginning<S>) -> Self {
        Beginnings {
            everywhere,
            parts: BTreeMap::new(),
        }
    }

    /// The same of states that have other names.
    #[cfg(test)]
    pub(crate) fn map<T>(self, name: impl Fn(S) -> T) -> Beginnings<T> {
        let map = |beginning| match beginning {
            Beginning::Usual => Beginning::Usual,
            Beginning::At(state) => Beginning::At(name(state)),
            Beginning::Unknown => Beginning::Unknown,
        };
        let parts = self.parts.into_iter();
        Beginnings {
            everywhere: map(self.everywhere),
            parts: parts.map(|(part, own)| (part, map(own))).collect(),
        }
    }

    /// That of a part; one without a name is everything.
    fn of(&self, part: Option<&str>) -> &Beginning<S> {
        let own = part.and_then(|part| self.parts.get(part));
        own.unwrap_or(&self.everywhere)
    }

    /// Whether it is known of every part.
    pub(super) fn are_known(&self) -> bool {
        let mut all = self.parts.values().chain([&self.everywhere]);
        all.all(|beginning| !matches!(beginning, Beginning::Unknown))
    }

    /// Whether it is known of no part.
    pub(super) fn are_unknown(&self) -> bool {
        let mut all = self.parts.values().chain([&self.everywhere]);
        all.all(|beginning| matches!(beginning, Beginning::Unknown))
    }

    /// Whether nobody knows what a part held.
    pub(super) fn is_unknown(&self, part: Option<&str>) -> bool {
        matches!(self.of(part), Beginning::Unknown)
    }

    /// The model, where it begins as is known.
    pub(super) fn starting<M: Model<State = S>>(&self, model: M) -> StartingWith<M>
    where
        S: Clone,
    {
        let mut model = StartingWith::new(model);
        if let Beginning::At(state) = &self.everywhere {
            model = model.everywhere(state.clone());
        }
        for (name, beginning) in &self.parts {
            model = match beginning {
                Beginning::At(state) => model.part(name.clone(), state.clone()),
                Beginning::Usual => {
                    let usual = model.model.initial();
                    model.part(name.clone(), usual)
                }
                Beginning::Unknown => model,
            };
        }
        model
    }
}
