//! What the simulator has to know of a service over OmniPaxos; first of all, how long it may
//! take once nothing fails any more: the one place from which random runs that settle and
//! searches have it.
//!
//! Derived from the source of omnipaxos 0.2.4, in ticks; *E*, *R* and *F* are its election,
//! resend and flush timeouts.
//!
//! **An answer** of a leader that stands, and until all replicas have decided: *2 F*.
//! A leader keeps a batch that is not full until its own flush timer fires
//! (`flush_batch_leader`), and each follower keeps what it then receives until its own does
//! (`flush_batch_follower`); only then it sends `Accepted`. Both timers run freely, so that
//! each may have fired just before: *F*, twice. A quorum's `Accepted` lets the leader send
//! `Decide`, at which the other followers flush at once
//! (`update_decided_idx_and_get_accepted_idx`). Batches of one entry are always full, and
//! wait for nothing.
//!
//! **A leader**, from whatever state: *10 E + 2 R*. A replica hears the others' ballots at
//! the end of its second round of heartbeats, because the requests of the first may have been
//! lost (*2 E*). Whoever sees no leader that is well is unhappy at that moment; that is
//! seen one round later, and whoever followed it becomes unhappy then and shows that in the
//! next (*2 E*): now somebody finds all unhappy and takes over (`check_takeover`), and the others
//! see its ballot at the end of their next round (*E*). If a promise was above that ballot
//! (`hb_timeout` makes it the leader only now), the same comes once more, above the promise (*5 E*).
//! A follower that does not know its leader asks for a `Prepare` every *R*
//! (`resend_messages_follower`), a leader that lacks a promise sends it every *R*
//! (`resend_messages_leader`): each may just have done so in vain.
//!
//! All of this holds where a message and its answer take less than *E*, and half of *R*: a
//! follower that asks for a `Prepare` before the last one can have brought it in line is
//! synchronised anew, and acknowledges nothing meanwhile, for ever where all replicas must
//! accept. With `take_outgoing` every 147 ms and *R* at 39 ms, one run in four never settles.
//!
//! What takes longer is a violation of liveness. What the library does sooner is never
//! demanded. Time that messages take is added where there is any: a search has none.

use simulated_clock::Duration;

use super::replica::TAKE;
use super::tuning::{ReplicaOptions, StartSignal, TakeOutgoing, Tuning};
use crate::scenario::Scenario;
use crate::system::{Patience, Profile};
use crate::units::KeyError;

/// Flush timers that an entry waits for: the leader's, then a follower's.
const FLUSHES: u64 = 2;
/// Rounds of heartbeats until a leader stands, from whatever state.
const ROUNDS: u64 = 10;
/// Resend timers until its followers are in sync with it.
const RESENDS: u64 = 2;

impl Tuning {
    /// How long a service over OmniPaxos may take.
    pub fn patience(&self) -> Patience {
        Patience {
            answer: match self.batch_size {
                1 => 0,
                _ => FLUSHES * self.flush_ticks,
            },
            leader: ROUNDS * self.election_ticks + RESENDS * self.resend_ticks,
        }
    }

    /// Why it cannot be searched exhaustively, if it cannot.
    fn unsearchable(&self) -> Option<KeyError> {
        if self.start_signal != StartSignal::None {
            let message = "a start signal names a time, and a search knows none: \
                           set start_signal = \"none\"";
            return Some(KeyError::new("system.start_signal", message));
        }
        (self.take_outgoing == TakeOutgoing::Batch).then(|| {
            let message = "batches of a hundred events are too long to search: \
                           set take_outgoing to \"each_event\", or { every = \"1ms\" }";
            KeyError::new("system.take_outgoing", message)
        })
    }
}

impl ReplicaOptions {
    /// What the simulator has to know of it, in a scenario.
    pub fn profile(&self, scenario: &Scenario) -> Profile {
        let tuning = &self.tuning;
        let (sends_every, free_timer) = match tuning.take_outgoing {
            TakeOutgoing::EachEvent => (Duration::ZERO, None),
            TakeOutgoing::Batch => (tuning.tick.0, None),
            TakeOutgoing::Every(period) => (period.0, Some(TAKE)),
        };
        Profile {
            tick: tuning.tick.0,
            sends_every,
            suspicion: tuning.election_timeout(),
            timeouts: tuning.election_ticks + tuning.resend_ticks + tuning.flush_ticks,
            patience: tuning.patience(),
            quorum: self.prepare_quorum(),
            retries_are_safe: tuning.dedup,
            free_timer,
            unsearchable: tuning.unsearchable(),
            impatience: tuning.impatience(scenario, sends_every),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_waits_for_two_timers_and_a_single_entry_for_none() {
        let mut tuning = Tuning {
            election_ticks: 3,
            resend_ticks: 5,
            flush_ticks: 7,
            batch_size: 2,
            ..Tuning::default()
        };
        let (answer, leader) = (14, 40);
        assert_eq!(tuning.patience(), Patience { answer, leader });
        tuning.batch_size = 1;
        assert_eq!(tuning.patience(), Patience { answer: 0, leader });
    }
}
