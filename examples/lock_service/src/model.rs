//! What the lock service promises, said once more and in another way.
//!
//! The model shares no code with the state machine: a mistake would have to be
//! made twice, and in the same way, to go unnoticed.

use knossos::{Footprint, Leaves, Model};
use omnisim::observation::ClientId;

use crate::command::{Answer, Ask, Command};

/// One lock: free, or held by a client. Locks are independent of each other,
/// so each is checked alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct LockModel;

impl Model for LockModel {
    type Input = Command;
    type Output = Answer;
    type State = Option<ClientId>;

    fn initial(&self) -> Self::State {
        None
    }

    fn step(
        &self,
        holder: &Self::State,
        command: &Command,
        answer: Option<&Answer>,
    ) -> Option<Self::State> {
        let me = Some(command.client);
        let (possible, after) = match (command.ask, answer) {
            (Ask::Acquire, Some(Answer::Granted)) => (holder.is_none(), me),
            (Ask::Acquire, Some(Answer::HeldBy(other))) => {
                (holder == other && other.is_some(), *holder)
            }
            (Ask::Acquire, None) => (true, holder.or(me)),
            (Ask::Release, Some(Answer::Released)) => (*holder == me, None),
            (Ask::Release, Some(Answer::NotYours)) => (*holder != me, *holder),
            (Ask::Release, None) => (true, holder.filter(|_| *holder != me)),
            (Ask::Holder, Some(Answer::HeldBy(seen))) => (holder == seen, *holder),
            (Ask::Holder, None) => (true, *holder),
            (_, Some(_)) => (false, *holder),
        };
        possible.then_some(after)
    }

    fn describe(&self, command: &Command, answer: Option<&Answer>) -> String {
        let Command { lock, client, ask } = command;
        let asked = match ask {
            Ask::Acquire => format!("acquire {lock:?} for client {client}"),
            Ask::Release => format!("release {lock:?} of client {client}"),
            Ask::Holder => format!("who holds {lock:?}"),
        };
        match answer {
            None => format!("{asked} (outcome unknown)"),
            Some(Answer::Granted) => format!("{asked} = granted"),
            Some(Answer::Released) => format!("{asked} = released"),
            Some(Answer::NotYours) => format!("{asked} = not yours"),
            Some(Answer::HeldBy(None)) => format!("{asked} = nobody"),
            Some(Answer::HeldBy(Some(holder))) => format!("{asked} = held by client {holder}"),
        }
    }

    fn partition<'a>(&self, command: &'a Command) -> Option<&'a str> {
        Some(&command.lock)
    }

    /// Not needed for a verdict; it lets the checker judge long histories fast.
    fn footprint(&self, command: &Command, answer: Option<&Answer>) -> Footprint<Self::State> {
        let me = Some(command.client);
        let (needs, leaves) = match (command.ask, answer) {
            (Ask::Acquire, Some(Answer::Granted)) => (Some(None), Leaves::Always(me)),
            (Ask::Release, Some(Answer::Released)) => (Some(me), Leaves::Always(None)),
            (Ask::Release, Some(Answer::NotYours)) => (None, Leaves::Same),
            (Ask::Acquire, Some(Answer::HeldBy(Some(holder)))) => {
                (Some(Some(*holder)), Leaves::Same)
            }
            (Ask::Holder, Some(Answer::HeldBy(holder))) => (Some(*holder), Leaves::Same),
            // Nobody answers so in any state: nothing is promised, and the state is asked.
            (_, Some(_)) => (None, Leaves::Anything),
            (Ask::Acquire, None) => (None, Leaves::Sometimes(me)),
            (Ask::Release, None) => (None, Leaves::Sometimes(None)),
            (Ask::Holder, None) => (None, Leaves::Same),
        };
        Footprint { needs, leaves }
    }
}

#[cfg(test)]
mod tests {
    use omnisim::systems::omnipaxos::StateMachine;
    use proptest::prelude::*;

    use super::*;
    use crate::Locks;

    fn command() -> impl Strategy<Value = Command> {
        let ask = prop_oneof![Just(Ask::Acquire), Just(Ask::Release), Just(Ask::Holder)];
        (1..=3u64, ask).prop_map(|(client, ask)| Command {
            lock: "door".to_owned(),
            client,
            ask,
        })
    }

    fn answer() -> impl Strategy<Value = Option<Answer>> {
        let holder = prop_oneof![Just(None), (1..=3u64).prop_map(Some)];
        prop_oneof![
            Just(None),
            Just(Some(Answer::Granted)),
            Just(Some(Answer::Released)),
            Just(Some(Answer::NotYours)),
            holder.prop_map(|holder| Some(Answer::HeldBy(holder))),
        ]
    }

    proptest! {
        /// What the contract of [`Footprint`] promises, of every answer, the impossible included.
        #[test]
        fn a_footprint_is_true_in_every_state(command in command(), answer in answer()) {
            let Footprint { needs, leaves } = LockModel.footprint(&command, answer.as_ref());
            for state in [None, Some(1), Some(2), Some(3)] {
                let after = LockModel.step(&state, &command, answer.as_ref());
                let is_needed = needs.is_none_or(|needs| needs == state);
                match leaves {
                    Leaves::Same => prop_assert!(after.is_none_or(|after| after == state)),
                    Leaves::Always(left) => prop_assert_eq!(after, is_needed.then_some(left)),
                    Leaves::Sometimes(left) => {
                        prop_assert!(after.is_none_or(|after| after == left || after == state));
                    }
                    _ => {}
                }
                let is_read = leaves == Leaves::Same && needs.is_some();
                prop_assert!(!is_read || after.is_some() == is_needed, "{:?}", state);
            }
        }

        #[test]
        fn the_state_machine_answers_as_the_model_allows(commands in prop::collection::vec(command(), 0..40)) {
            let (mut locks, mut state) = (Locks::default(), LockModel.initial());
            for command in commands {
                let asked = locks.query(&command);
                let answer = locks.apply(&command);
                prop_assert!(asked.is_none_or(|asked| asked == answer), "a query answers as the log would");
                let next = LockModel.step(&state, &command, Some(&answer));
                prop_assert!(next.is_some(), "{}", LockModel.describe(&command, Some(&answer)));
                let unknown = LockModel.step(&state, &command, None);
                prop_assert_eq!(unknown, next, "there is one outcome, known or not");
                state = next.expect("just checked");
            }
        }
    }
}
