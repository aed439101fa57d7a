//! Why schedules cannot even begin.

use simulated_clock::Instant;

use crate::check::Violation;
use crate::replica::Caught;
use crate::units::KeyError;

/// Why there is no first state.
#[derive(Clone, Debug)]
pub(super) enum Unbegun {
    /// The scenario does not suit the system.
    Unsuited(KeyError),
    /// Code under test panicked, or did not return, before anything happened.
    Broken(Box<Violation>),
}

impl From<KeyError> for Unbegun {
    fn from(error: KeyError) -> Self {
        Self::Unsuited(error)
    }
}

impl From<Violation> for Unbegun {
    fn from(violation: Violation) -> Self {
        Self::Broken(Box::new(violation))
    }
}

impl From<Caught> for Unbegun {
    fn from(caught: Caught) -> Self {
        Violation::panic_beside(Instant::ZERO, &caught).into()
    }
}
