//! What shrinking left of a catch: by it, two catches are seen to be one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::catch::{Catch, Kind};
use crate::search::{Found, Signature};

/// What is left of a failing run when nothing more can be taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What it violates, why, and under which contract.
    pub kind: Kind,
    /// The kinds of fault that it cannot do without.
    pub faults: BTreeSet<String>,
    /// How many operations are left.
    pub operations: u64,
    /// How many replicas are left.
    pub replicas: u64,
}

impl Form {
    /// The form of a shrunken run; none if it does not show the violation any more.
    pub fn of(found: &Found, signature: &Signature) -> Option<Self> {
        let outcome = &found.outcome;
        let mut violations = outcome.violations.iter();
        let violation = violations.find(|one| Signature::of(one) == *signature)?;
        let faults = outcome.faults.iter().filter(|(_, count)| **count > 0);
        Some(Self {
            kind: Kind::of(&found.scenario, violation, outcome.in_contract),
            faults: faults.map(|(kind, _)| kind.name().to_owned()).collect(),
            operations: found.operations(),
            replicas: found.scenario.cluster.replicas,
        })
    }

    /// Whether both are the same finding. How many operations and replicas are left differs
    /// with the seed that shrinking began with, and how often a fault strikes; what strikes at
    /// all, what breaks, why and under which contract do not.
    fn is_same(&self, other: &Self) -> bool {
        (&self.kind, &self.faults) == (&other.kind, &other.faults)
    }
}

/// A catch of which shrinking left the same as of another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// What its runs were before.
    #[serde(flatten)]
    pub kind: Kind,
    /// The seed that was shrunk.
    pub seed: u64,
    /// The scenario that it was shrunk in.
    pub scenario: String,
    /// How many runs showed it.
    pub runs: u64,
    /// The seeds of these runs, ascending, by scenario.
    pub seeds: BTreeMap<String, Vec<u64>>,
    /// Its repro file.
    pub repro: String,
}

impl From<Catch> for Joined {
    fn from(catch: Catch) -> Self {
        Self {
            kind: catch.kind,
            seed: catch.seed,
            scenario: catch.scenario,
            runs: catch.runs,
            seeds: catch.seeds,
            repro: catch.repro,
        }
    }
}

/// Notes what shrinking left of the catch at `place`. If it left the same of an earlier one, the
/// catch joins that: gives its place.
pub(super) fn join(catches: &mut Vec<Catch>, place: usize, form: Form) -> Option<usize> {
    let is_same = |catch: &Catch| {
        let other = catch.form.as_ref();
        other.is_some_and(|other| other.is_same(&form))
    };
    let Some(first) = catches[..place].iter().position(is_same) else {
        catches[place].form = Some(form);
        return None;
    };
    let mut joins = catches.remove(place);
    let others = std::mem::take(&mut joins.joined);
    catches[first].joined.push(joins.into());
    catches[first].joined.extend(others);
    Some(first)
}

#[cfg(test)]
mod tests;
