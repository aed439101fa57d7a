//! The sets that a set may have been at first.
//!
//! Whether an element was there at first matters until an operation adds or removes it. If nobody
//! who was called by the time the first of these returned saw it there, it may as well not have
//! been; if nobody saw it missing, it may as well have been. Only where both was seen so early, both
//! have to be tried.

use std::collections::{BTreeMap, BTreeSet};

use super::any_beginning::AnyBeginning;
use crate::model::OperationOf;
use crate::models::set::{Input, Output, Set};
use crate::text::Text;

/// How many elements there are of which both has to be tried, at most.
const UNCERTAIN_MAX: u32 = 6;

/// What was seen of an element before it can have changed.
#[derive(Default)]
struct Seen {
    there: bool,
    missing: bool,
}

/// The sets to try; `None` if they are too many.
fn sets(operations: &[&OperationOf<Set>]) -> Option<Vec<BTreeSet<Text>>> {
    let mut changed_by: BTreeMap<&Text, u64> = BTreeMap::new();
    for operation in operations {
        let element = match &operation.input {
            Input::Add(element) | Input::Remove(element) => element,
            Input::Contains(element) => {
                changed_by.entry(element).or_insert(u64::MAX);
                continue;
            }
            Input::Read => {
                if let Some(Output::Elements(elements)) = &operation.output {
                    for element in elements {
                        changed_by.entry(element).or_insert(u64::MAX);
                    }
                }
                continue;
            }
        };
        let moment = changed_by.entry(element).or_insert(u64::MAX);
        *moment = operation.ret.unwrap_or(u64::MAX).min(*moment);
    }
    let mut certain = BTreeSet::new();
    let mut uncertain = Vec::new();
    for (element, moment) in &changed_by {
        let seen = seen_by(operations, element, *moment);
        match (seen.there, seen.missing) {
            (true, true) => uncertain.push(*element),
            (true, false) => drop(certain.insert((*element).clone())),
            (false, _) => {}
        }
    }
    let count = u32::try_from(uncertain.len()).unwrap_or(u32::MAX);
    (count <= UNCERTAIN_MAX).then(|| {
        let choices = 0..1_usize << count;
        let set = |choice: usize| {
            let chosen = uncertain.iter().enumerate();
            let chosen = chosen.filter(|(bit, _)| choice >> bit & 1 == 1);
            let chosen = chosen.map(|(_, element)| (*element).clone());
            certain.iter().cloned().chain(chosen).collect()
        };
        choices.map(set).collect()
    })
}

/// What was seen of an element by those who were called by the moment.
fn seen_by(operations: &[&OperationOf<Set>], element: &Text, moment: u64) -> Seen {
    let mut seen = Seen::default();
    for operation in operations {
        let was = match (&operation.input, &operation.output) {
            (
                Input::Add(other) | Input::Remove(other) | Input::Contains(other),
                Some(Output::Was(was)),
            ) if other == element => *was,
            (Input::Read, Some(Output::Elements(elements))) => elements.contains(element),
            _ => continue,
        };
        if operation.call <= moment {
            seen.there |= was;
            seen.missing |= !was;
        }
    }
    seen
}

impl AnyBeginning for Set {
    type Anywhere = Self;

    fn listed(&self, operations: &[&OperationOf<Self>]) -> Option<Vec<Self::State>> {
        sets(operations)
    }
}
