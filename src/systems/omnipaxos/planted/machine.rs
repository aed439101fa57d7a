//! Mistakes of the replicated machine: they travel with its commands, as the code
//! of a state machine is the same everywhere, so that every replica and the
//! reference fold make them alike. Only what clients see, and what snapshots
//! say, gives them away.

use std::borrow::Cow;

use super::bug::Bug;
use super::flaw::Flaw;
use crate::observation::RequestId;
use crate::systems::omnipaxos::entry::{Command, Entry};
use crate::systems::omnipaxos::machine::{Applied, Machine};
use crate::systems::omnipaxos::sessions::Sessions;
use crate::systems::omnipaxos::state_machine::StateMachine;

impl<S: StateMachine> Machine<S> {
    /// Applies a command that carries a mistake; the chain already holds it.
    #[cold]
    pub(in crate::systems::omnipaxos) fn apply_flawed(
        &mut self,
        command: &Command<S::Command>,
        flaw: Flaw,
    ) -> Option<Applied<'_, S::Output>> {
        let RequestId { client, sequence } = command.id();
        match flaw.bug {
            Bug::LowWaterOffByOne => self.sessions.forget(client, command.low_water + 1),
            Bug::SessionKeepsLastOnly => self.sessions.forget(client, sequence),
            Bug::DedupMissing => drop(self.unseen.insert(command.id())),
            _ => {}
        }
        let Some((client, sequence)) = flaw.key else {
            return self.apply_command(command);
        };
        self.apply_command(&Command {
            client,
            sequence,
            low_water: 0,
            ..command.clone()
        })
    }

    /// Applies an entry as it is folded into a snapshot.
    #[inline]
    pub(in crate::systems::omnipaxos) fn fold(&mut self, entry: &Entry<S>) {
        match entry.command().flaw {
            // A command that is executed again is one where it is applied, too.
            None
            | Some(Flaw {
                bug: Bug::DedupMissing,
                ..
            }) => drop(self.apply(entry)),
            Some(flaw) => self.fold_flawed(entry, flaw),
        }
    }

    /// Whether an entry makes of this machine what it would not make of a correct one that is
    /// in the same state.
    pub(super) fn errs_with(&self, entry: &Entry<S>) -> bool {
        let mut flawed = self.clone();
        let flawed_result = flawed.apply(entry).map(owned);
        let (correct, correct_result) = self.corrected(entry);
        flawed_result != correct_result || flawed.digest() != correct.digest()
    }

    /// What a correct machine in this state makes of an entry.
    fn corrected(&self, entry: &Entry<S>) -> (Self, Option<Applied<'static, S::Output>>) {
        let mut correct = self.clone();
        let command = Command {
            flaw: None,
            ..entry.command().clone()
        };
        correct.chain = correct.chain.with(entry.content());
        let result = correct.apply_command(&command).map(owned);
        (correct, result)
    }

    #[cold]
    fn fold_flawed(&mut self, entry: &Entry<S>, flaw: Flaw) {
        let (correct, _) = self.corrected(entry);
        let mut before = self.state.clone();
        let executed = self.apply(entry).is_some_and(|applied| applied.executed);
        if executed && flaw.bug == Bug::DeleteLostInSnapshot {
            before.apply_flawed(&entry.command().operation, flaw.bug);
            self.state = before;
        }
        if flaw.bug == Bug::SessionsNotInSnapshot {
            self.sessions = Sessions::default();
        }
        self.is_wrong |= self.digest() != correct.digest();
    }
}

/// A result that nobody lends.
fn owned<O: Clone>(applied: Applied<'_, O>) -> Applied<'static, O> {
    Applied {
        output: Cow::Owned(applied.output.into_owned()),
        position: applied.position,
        executed: applied.executed,
    }
}

#[cfg(test)]
mod tests {
    use omnipaxos::storage::Snapshot;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::systems::omnipaxos::snapshot::LogSnapshot;

    /// How many commands were executed.
    #[derive(Clone, Debug, Default, Serialize, Deserialize)]
    struct Executed(u64);

    impl StateMachine for Executed {
        type Command = ();
        type Output = u64;

        fn apply(&mut self, (): &()) -> u64 {
            self.0 += 1;
            self.0
        }
    }

    /// A command that nobody knows again when it is decided twice.
    fn entry(sequence: u64) -> Entry<Executed> {
        let flaw = Flaw {
            bug: Bug::DedupMissing,
            key: None,
        };
        Entry::new(Command {
            client: 1,
            sequence,
            attempt: 1,
            low_water: 0,
            coordinator: 1,
            dedup: false,
            operation: (),
            flaw: Some(flaw),
        })
    }

    #[test]
    fn what_a_snapshot_folds_is_known_to_have_been_executed_by_who_goes_on_from_it() {
        let mut snapshot = LogSnapshot::create(&[entry(1)]);
        snapshot.merge(LogSnapshot::create(&[entry(2)]));
        let mut machine = (*snapshot.into_machine()).clone();
        assert!(!machine.is_wrong, "it holds what its entries lead to");
        let mut is_again = |sequence| {
            let entry = entry(sequence);
            let is_again = machine.unseen.contains(&entry.command().id());
            assert!(
                machine
                    .apply(&entry)
                    .is_some_and(|applied| applied.executed)
            );
            is_again
        };
        assert_eq!([1, 2, 3, 3].map(&mut is_again), [true, true, false, true]);
    }
}
