//! How a hunt ends.

use crate::cli::Exit;
use crate::search::{Catch, HuntState};

/// The end of a hunt that nobody stopped.
pub(super) fn exit_of(state: &HuntState) -> Exit {
    let is_own = |catch: &Catch| catch.kind.signature.is_own();
    if state.catches.iter().any(is_own) {
        Exit::OWN_PANIC
    } else if !state.not_deterministic.is_empty() {
        Exit::NOT_REPRODUCED
    } else if !state.catches.is_empty() {
        Exit::VIOLATION
    } else if !state.unknown.is_empty() || !state.skipped.is_empty() {
        Exit::INCOMPLETE
    } else {
        Exit::OK
    }
}
