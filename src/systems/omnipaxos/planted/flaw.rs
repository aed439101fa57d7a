//! A planted mistake that a command carries, and how it is executed with it.

use serde::{Deserialize, Serialize};

use super::bug::Bug;
use crate::systems::omnipaxos::state_machine::StateMachine;

/// A planted mistake in how a command is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// Which.
    pub bug: Bug,
    /// The client and number under which the session table knows the command,
    /// where that is not its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<(u64, u64)>,
}

/// Executes an operation, soundly but for a mistake of the state machine that its command carries.
#[inline]
pub(in crate::systems::omnipaxos) fn execute<S: StateMachine>(
    state: &mut S,
    operation: &S::Command,
    flaw: Option<Flaw>,
) -> S::Output {
    match flaw {
        Some(Flaw {
            bug: bug @ Bug::CasAlwaysYes,
            ..
        }) => state.apply_flawed(operation, bug),
        _ => state.apply(operation),
    }
}
