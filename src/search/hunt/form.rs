//! What shrinking left of a catch: by it, two catches are seen to be one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
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
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.kind, &self.faults) == (&other.kind, &other.faults)
    }
}
