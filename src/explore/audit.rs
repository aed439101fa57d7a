//! Whether states that are taken for the same are the same.
//!
//! A state of a replica is recognised by what it shows, and one way to it stands
//! for all. That could be wrong only if something hides from every probe; so
//! other ways to each state are kept, every step from it is also taken after
//! them, and what comes of it must be the same. Some of the other ways go
//! through other ways to the states before, so that a difference may hide for
//! more than one step and is still found.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::step::{Fate, Input, LocalId};

/// Inputs from the first start on.
pub(super) type Lineage = Rc<[(Input, Fate)]>;

/// Steps from one state, and what came of them.
pub(super) type Steps = Vec<((Input, Fate), Seen)>;

/// How many ways to a state go through other ways to the states before.
const DETOURS_MAX: usize = 4;

/// The result of a step, as far as anybody can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Messages and answers.
    pub(super) effects: u64,
    pub(super) writes: u8,
    /// What the replica shows afterwards, its timers included.
    pub(super) shows: u64,
    /// What it broke, if anything.
    pub(super) broke: Option<String>,
}

/// Other ways to states, and the steps that were taken from them.
#[derive(Debug, Default)]
pub(super) struct Audit {
    others: BTreeMap<LocalId, Vec<Lineage>>,
    detours: BTreeMap<LocalId, usize>,
    steps: BTreeMap<LocalId, Steps>,
    flaw: Option<String>,
}

impl Audit {
    /// The other ways to a state.
    pub(super) fn others(&self, state: LocalId) -> Vec<Lineage> {
        self.others.get(&state).cloned().unwrap_or_default()
    }

    /// The steps from a state, and what came of them.
    pub(super) fn steps(&self, state: LocalId) -> Steps {
        self.steps.get(&state).cloned().unwrap_or_default()
    }

    pub(super) fn taken(&mut self, from: LocalId, step: (Input, Fate), seen: Seen) {
        self.steps.entry(from).or_default().push((step, seen));
    }

    /// Another way to a state; `detour` if it does not go through those that
    /// stand for the states before. Whether it is kept.
    pub(super) fn keep(&mut self, state: LocalId, way: &Lineage, detour: bool) -> bool {
        let others = self.others.entry(state).or_default();
        if others.contains(way) {
            return false;
        }
        if detour {
            let detours = self.detours.entry(state).or_default();
            if *detours == DETOURS_MAX {
                return false;
            }
            *detours += 1;
        }
        others.push(Rc::clone(way));
        true
    }

    /// The same step led to different things after two ways to one state.
    pub(super) fn differ(&mut self, ways: String) {
        self.flaw.get_or_insert(ways);
    }

    /// What shows that two states were wrongly taken for the same.
    pub(super) fn flaw(&self) -> Option<&str> {
        self.flaw.as_deref()
    }
}
