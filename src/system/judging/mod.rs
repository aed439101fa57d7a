//! How runs are judged by more than invariants: the interface of those who judge, what they see,
//! and what they say. Those for any system are in the room `judge`; a system adds its own by
//! [`System::judges`].

mod end_of_run;
mod judgement;

pub use end_of_run::{EndOfRun, Thoroughness};
pub use judgement::{Judgement, Searched};

use super::{CommandOf, EntryOf, OutputOf, System};
use crate::check::Seen;
use crate::client::Record;
use crate::observation::Kinds;

/// An operation in the history of a system.
pub type RecordOf<S> = Record<CommandOf<S>, OutputOf<S>>;

/// Judges one run: on the way, by what is observed and completed, and at its end.
///
/// It sees what happens and cannot change it, so that a run takes the same steps whoever judges
/// it. What it finds on the way ends the run there, as the first violation.
///
/// ```
/// use omnisim::check::{Cause, Violation};
/// use omnisim::system::{EndOfRun, Judge, Judgement, RecordOf, System};
/// use simulated_clock::Duration;
///
/// /// No operation takes longer than a second.
/// struct Prompt { operations: u64 }
///
/// impl<S: System> Judge<S> for Prompt {
///     fn checks(&self) -> &'static [&'static str] {
///         &["prompt"]
///     }
///
///     fn completed(&mut self, operation: &RecordOf<S>, judgement: &mut Judgement) {
///         self.operations += 1;
///         let Some(completion) = &operation.completion else { return };
///         let took = completion.at.saturating_since(operation.call);
///         if took > Duration::from_secs(1) {
///             let message = format!("{} took {took}", operation.id());
///             let violation = Violation::safety("prompt", Cause::Own, completion.at, vec![], message);
///             judgement.violated(violation.shown_by([operation.id()]));
///         }
///     }
///
///     fn judge(&mut self, _: &EndOfRun<'_, S>, judgement: &mut Judgement) {
///         judgement.evaluated("prompt", self.operations);
///     }
/// }
/// ```
pub trait Judge<S: System> {
    /// The checks that it decides, by the names that `violates`, `without` and reports have for
    /// them.
    fn checks(&self) -> &'static [&'static str];

    /// The kinds of observation that it is shown on the way.
    fn sees(&self) -> Kinds {
        Kinds::NONE
    }

    /// Takes an observation into account, one of the kinds that it sees.
    fn observe(&mut self, _seen: &Seen<'_, EntryOf<S>>, _judgement: &mut Judgement) {}

    /// Takes an operation into account that was completed just now.
    fn completed(&mut self, _operation: &RecordOf<S>, _judgement: &mut Judgement) {}

    /// The place in the history, from 0 on, of the first operation that it still needs at the end;
    /// `all` says how many there were so far. Operations that are over and that nobody needs are
    /// forgotten, so that a run takes no more memory the longer it lasts. By default it needs all.
    fn needs_from(&self, _all: usize) -> usize {
        0
    }

    /// Judges the end of the run, and says how often each of its checks was evaluated.
    fn judge(&mut self, run: &EndOfRun<'_, S>, judgement: &mut Judgement);
}
