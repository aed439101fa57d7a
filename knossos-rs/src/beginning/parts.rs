//! The parts whose beginnings nobody knows, and what these can be.

use super::any_beginning::AnyBeginning;
use super::beginnings::Beginnings;
use super::candidates::Candidates;
use crate::consistency::Consistency;
use crate::model::{Model, OperationOf};
use crate::models::starting_with::StartingWith;
use crate::parts::Parting;
use crate::text::Text;

/// A part of the history: the operations of one key, or all.
pub(super) struct Part {
    /// `None`: everything.
    pub(super) name: Option<Text>,
    pub(super) operations: Vec<usize>,
}

impl Part {
    /// The model in which the part begins in this state.
    pub(super) fn begin<M: Model>(
        &self,
        model: StartingWith<M>,
        state: M::State,
    ) -> StartingWith<M> {
        match &self.name {
            Some(name) => model.part(name.clone(), state),
            None => model.everywhere(state),
        }
    }
}

/// A part whose beginning nobody knows, and what is known of it.
pub(super) struct Unknown<S> {
    pub(super) part: Part,
    pub(super) candidates: Candidates<S>,
    /// The candidate to try.
    pub(super) chosen: usize,
    /// Whether no candidate explains the part.
    pub(super) is_refuted: bool,
}

impl<S: Clone> Unknown<S> {
    /// The model in which the part begins as chosen.
    pub(super) fn begin<M: Model<State = S>>(&self, model: StartingWith<M>) -> StartingWith<M> {
        let state = self.candidates.states[self.chosen].clone();
        self.part.begin(model, state)
    }
}

/// The parts of the history.
pub(super) fn parts<M: Model>(model: &M, history: &[OperationOf<M>]) -> Vec<Part> {
    let mut parting = Parting::with_room(history.len());
    let mut numbers = Vec::with_capacity(history.len());
    for operation in history {
        numbers.push(parting.add(model.partition(&operation.input)));
    }
    let is_whole = parting.is_whole();
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); parting.finish().len()];
    for (index, number) in numbers.into_iter().enumerate() {
        parts[if is_whole { 0 } else { number as usize }].push(index);
    }
    let named = parts.into_iter().map(|operations| {
        let name = model.partition(&history[operations[0]].input);
        let name = name.filter(|_| !is_whole).map(Text::from);
        Part { name, operations }
    });
    named.collect()
}

/// The parts whose beginnings are not known, and what these can be.
pub(super) fn unknown_parts<M: AnyBeginning>(
    model: &M,
    history: &[OperationOf<M>],
    beginnings: &Beginnings<M::State>,
    level: Consistency,
) -> Vec<Unknown<M::State>> {
    let parts = parts(model, history).into_iter();
    let unknown = parts.filter(|part| beginnings.is_unknown(part.name.as_deref()));
    let unknown = unknown.map(|part| {
        let operations: Vec<_> = part.operations.iter().map(|at| &history[*at]).collect();
        Unknown {
            candidates: Candidates::of(model, &operations, level),
            part,
            chosen: 0,
            is_refuted: false,
        }
    });
    unknown.collect()
}
