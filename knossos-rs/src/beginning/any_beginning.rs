//! What a model tells of the states in which an object may have begun.

use crate::model::{Model, OperationOf};

/// A model of an object that may have begun in any state.
pub trait AnyBeginning: Model {
    /// The same object where nobody knows what it began with; the model itself, where
    /// [`anywhere`](AnyBeginning::anywhere) gives none.
    type Anywhere: Model<Input = Self::Input, Output = Self::Output>;

    /// A model of the same object of which all that is known is what answers tell, if there is one.
    /// Then no beginning is tried, and parts whose beginnings are known are checked apart.
    fn anywhere(&self) -> Option<Self::Anywhere> {
        None
    }

    /// The beginnings that make a difference to linearizability, never none, if they can be listed.
    /// Then no other is tried.
    fn listed(&self, operations: &[&OperationOf<Self>]) -> Option<Vec<Self::State>> {
        let _ = operations;
        None
    }

    /// The states that can become `state` by operations that leave [`Leaves::Anything`], of these
    /// inputs alone; and `state` itself.
    ///
    /// [`Leaves::Anything`]: crate::Leaves::Anything
    fn origins(&self, state: &Self::State, inputs: &[&Self::Input]) -> Vec<Self::State> {
        let _ = inputs;
        vec![state.clone()]
    }

    /// A state that none of these operations asks for, nor anything that it can become; `None`
    /// if there may be none, because each state is asked for.
    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<Self::State> {
        let _ = operations;
        None
    }

    /// A state that stands for all of them, if the model has one. Then no other is tried.
    fn any(&self) -> Option<Self::State> {
        None
    }

    /// Whether what this tells, with what the operations need, is every beginning that makes a
    /// difference. If not, a history is consistent or undecided, and no violation.
    fn finds_all(&self) -> bool {
        false
    }
}
