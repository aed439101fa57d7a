//! The state machine of a service: the part of it that its author writes.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::planted::bug::Bug;
use crate::observation::content_digest;

/// What must hold of a state; an error says what is wrong with it.
pub type InvariantOf<S> = fn(&S) -> Result<(), String>;

/// A deterministic state machine: the part of a replicated service that its
/// author writes.
///
/// ```
/// use omnisim::systems::omnipaxos::StateMachine;
///
/// #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
/// struct Counter(u64);
///
/// impl StateMachine for Counter {
///     type Command = u64; // how much to add
///     type Output = u64;
///
///     fn apply(&mut self, command: &u64) -> u64 {
///         self.0 += command;
///         self.0
///     }
/// }
///
/// let mut counter = Counter::default();
/// assert_eq!(counter.apply(&2), 2);
/// ```
pub trait StateMachine: Clone + Debug + Default + Serialize + DeserializeOwned + 'static {
    /// What clients ask for.
    type Command: Clone + Debug + PartialEq + Serialize + DeserializeOwned + 'static;
    /// What they are answered.
    type Output: Clone + Debug + PartialEq + Serialize + DeserializeOwned + 'static;

    /// Executes a command.
    fn apply(&mut self, command: &Self::Command) -> Self::Output;

    /// Answers a command that changes nothing, for services that read from
    /// their own state instead of the log. `None`: the command is no read.
    fn query(&self, _command: &Self::Command) -> Option<Self::Output> {
        None
    }

    /// Executes a command with a planted mistake, where this state machine can
    /// make that one.
    #[doc(hidden)]
    fn apply_flawed(&mut self, command: &Self::Command, _: Bug) -> Self::Output {
        self.apply(command)
    }

    /// What must hold of the state after every command, if anything: the check `state_invariant`
    /// asks it of the state that the decided log leads to. An error says what is wrong.
    ///
    /// ```
    /// # use omnisim::systems::omnipaxos::{InvariantOf, StateMachine};
    /// # use serde::{Deserialize, Serialize};
    /// #[derive(Clone, Debug, Default, Serialize, Deserialize)]
    /// struct Stock(i64);
    ///
    /// impl StateMachine for Stock {
    ///     type Command = i64;
    ///     type Output = bool;
    ///
    ///     const INVARIANT: Option<InvariantOf<Self>> = Some(|stock| match stock.0 {
    ///         0.. => Ok(()),
    ///         missing => Err(format!("{missing} in stock")),
    ///     });
    ///
    ///     fn apply(&mut self, change: &i64) -> bool {
    ///         let is_possible = self.0 + change >= 0;
    ///         self.0 += if is_possible { *change } else { 0 };
    ///         is_possible
    ///     }
    /// }
    /// ```
    const INVARIANT: Option<InvariantOf<Self>> = None;

    /// The digest of the state; by default of its serialized content.
    fn digest(&self) -> u64 {
        content_digest(self)
    }
}
