//! Objects that begin with something: any model, with another initial state.

use std::collections::BTreeMap;

use crate::model::{Footprint, Model, Moments, Plain, Queued};
use crate::text::Text;

/// A model whose object begins in another state, everywhere or part by part.
///
/// ```
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::models::starting_with::StartingWith;
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let read = Operation::completed(1, Input::Read, Output::Value(Some("0".into())), 0, 9);
/// let verdict = |model| check(&model, std::slice::from_ref(&read), None, &Limits::none()).verdict;
/// let zero = StartingWith::new(Register).everywhere(Some("0".into()));
/// assert_eq!(verdict(zero), Verdict::Consistent);
/// assert!(matches!(verdict(StartingWith::new(Register)), Verdict::Violation(_)));
/// ```
#[derive(Clone, Debug)]
pub struct StartingWith<M: Model> {
    /// The model of what happens then.
    pub model: M,
    everywhere: Option<M::State>,
    parts: BTreeMap<Text, M::State>,
}

impl<M: Model> StartingWith<M> {
    /// The model as it is.
    pub fn new(model: M) -> StartingWith<M> {
        StartingWith {
            model,
            everywhere: None,
            parts: BTreeMap::new(),
        }
    }

    /// Every part that is not named begins in this state.
    #[must_use]
    pub fn everywhere(mut self, state: M::State) -> StartingWith<M> {
        self.everywhere = Some(state);
        self
    }

    /// The part with this name begins in this state.
    #[must_use]
    pub fn part(mut self, name: Text, state: M::State) -> StartingWith<M> {
        self.parts.insert(name, state);
        self
    }

    /// The state in which the part begins, if it is not the usual one. A part without a name is
    /// everything.
    pub fn beginning(&self, part: Option<&str>) -> Option<&M::State> {
        part.and_then(|part| self.parts.get(part))
            .or(self.everywhere.as_ref())
    }

    /// As [`Self::beginning`], for the part that an operation touches.
    #[inline]
    fn beginning_for(&self, input: &M::Input) -> Option<&M::State> {
        if self.parts.is_empty() {
            return self.everywhere.as_ref();
        }
        self.beginning(self.model.partition(input))
    }
}

impl<M: Model> Model for StartingWith<M> {
    type Input = M::Input;
    type Output = M::Output;
    type State = M::State;

    fn initial(&self) -> M::State {
        let everywhere = self.everywhere.clone();
        everywhere.unwrap_or_else(|| self.model.initial())
    }

    fn initial_of(&self, input: &M::Input) -> M::State {
        let beginning = self.beginning_for(input).cloned();
        beginning.unwrap_or_else(|| self.model.initial_of(input))
    }

    fn step(
        &self,
        state: &M::State,
        input: &M::Input,
        output: Option<&M::Output>,
    ) -> Option<M::State> {
        self.model.step(state, input, output)
    }

    fn describe(&self, input: &M::Input, output: Option<&M::Output>) -> String {
        self.model.describe(input, output)
    }

    fn moments(&self) -> Moments {
        self.model.moments()
    }

    #[inline]
    fn partition<'input>(&self, input: &'input M::Input) -> Option<&'input str> {
        self.model.partition(input)
    }

    fn footprint(&self, input: &M::Input, output: Option<&M::Output>) -> Footprint<M::State> {
        self.model.footprint(input, output)
    }

    /// What the object begins with is what [`Plain`] calls nothing; and what would then have no
    /// name, a read of nothing and a write of the beginning, is not plain.
    #[inline]
    fn plain<'a>(&self, input: &'a M::Input, output: Option<&'a M::Output>) -> Option<Plain<'a>> {
        let plain = self.model.plain(input, output)?;
        let Some(beginning) = self.beginning_for(input) else {
            return Some(plain);
        };
        match (self.model.plain_state(beginning)?, plain) {
            (None, plain) => Some(plain),
            (Some(held), Plain::Read(Some(seen))) if seen == held => Some(Plain::Read(None)),
            (Some(_), Plain::Read(None)) => None,
            (Some(held), Plain::Write(value)) if value == held => None,
            (Some(_), plain) => Some(plain),
        }
    }

    fn plain_state<'a>(&self, state: &'a M::State) -> Option<Option<&'a str>> {
        self.model.plain_state(state)
    }

    /// The words of a queue are for one that is empty at first.
    fn queued<'a>(&self, input: &'a M::Input, output: Option<&'a M::Output>) -> Option<Queued<'a>> {
        let is_usual = self
            .beginning_for(input)
            .is_none_or(|beginning| *beginning == self.model.initial_of(input));
        self.model.queued(input, output).filter(|_| is_usual)
    }

    fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        self.model.can_become(state, later)
    }

    fn state_bytes(&self, state: &M::State) -> usize {
        self.model.state_bytes(state)
    }
}
