//! The system that is searched, as far as words for schedules need it.

use super::setting::all_operations;
use crate::check::Violation;
use crate::replica::{Message, Replica};
use crate::system::{System, SystemInfo};

/// What a system calls things.
pub(super) struct Subject {
    info: &'static SystemInfo,
    kinds: &'static [&'static str],
    operations: Vec<&'static str>,
}

impl Subject {
    pub(super) fn of<S: System>() -> Self {
        Self {
            info: const { &S::INFO },
            kinds: <<S::Replica as Replica>::Message as Message>::KINDS,
            operations: all_operations::<S>().collect(),
        }
    }

    /// The kinds of message that replicas send each other.
    pub(super) fn kinds(&self) -> &'static [&'static str] {
        self.kinds
    }

    /// What clients can ask for by name.
    pub(super) fn operations(&self) -> &[&'static str] {
        &self.operations
    }

    /// A violation, with the known finding that shows in it, if one does.
    pub(super) fn with_finding(&self, mut violation: Violation) -> Violation {
        violation.finding = self.info.finding_in(&violation);
        violation
    }
}
