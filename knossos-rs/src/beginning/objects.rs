//! How an object whose kind is chosen while the program runs may have begun: as its kind says.

use super::any_beginning::AnyBeginning;
use crate::model::OperationOf;
use crate::models::any::{Input, Kind, Object, State, with_known};

fn origins<K: Kind + AnyBeginning>(kind: &K, state: &State, inputs: &[&Input]) -> Vec<State> {
    let inputs: Vec<&K::Input> = inputs.iter().map(|input| K::input(input)).collect();
    let origins = kind.origins(K::state(state), &inputs);
    origins.into_iter().map(K::any_state).collect()
}

fn another<K>(kind: &K, operations: &[&OperationOf<Object>]) -> Option<State>
where
    K: Kind + AnyBeginning,
{
    let own = K::own(operations);
    let another = kind.another(&own.iter().collect::<Vec<_>>());
    another.map(K::any_state)
}

fn any<K: Kind + AnyBeginning>(kind: &K) -> Option<State> {
    kind.any().map(K::any_state)
}

fn listed<K>(kind: &K, operations: &[&OperationOf<Object>]) -> Option<Vec<State>>
where
    K: Kind + AnyBeginning,
{
    let own = K::own(operations);
    let listed = kind.listed(&own.iter().collect::<Vec<_>>())?;
    Some(listed.into_iter().map(K::any_state).collect())
}

impl AnyBeginning for Object {
    type Anywhere = Self;

    fn anywhere(&self) -> Option<Self> {
        match self {
            Self::VersionedRegister(one) => one.anywhere().map(Self::AnyVersionedRegister),
            Self::Queue(one) => one.anywhere().map(Self::AnyQueue),
            Self::Stack(one) => one.anywhere().map(Self::AnyStack),
            _ => None,
        }
    }

    fn listed(&self, operations: &[&OperationOf<Self>]) -> Option<Vec<State>> {
        with_known!(self, kind => listed(kind, operations))
    }

    fn origins(&self, state: &State, inputs: &[&Input]) -> Vec<State> {
        with_known!(self, kind => origins(kind, state, inputs))
    }

    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<State> {
        with_known!(self, kind => another(kind, operations))
    }

    fn any(&self) -> Option<State> {
        with_known!(self, kind => any(kind))
    }

    fn finds_all(&self) -> bool {
        with_known!(self, kind => kind.finds_all())
    }
}
