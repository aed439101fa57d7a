//! Reasons that the election gives for a system that does not work again.
//!
//! Where only replicas fail that the protocol itself has left out, the violation says so: that
//! is a reason to look for in the library, and a cause to know it by.

use simulated_clock::Instant;

use crate::check::{Cause, Held, convergence};
use crate::observation::ReplicaId;
use crate::system::{EndOfRun, System};

impl<S: System> EndOfRun<'_, S> {
    /// Replicas that follow nobody because they promised a ballot above the
    /// leader's in which nobody leads: their own, or that of one who cannot be
    /// reached or who is left out by it, too.
    pub(super) fn left_out(&self) -> Vec<ReplicaId> {
        let Some(leader) = self.leader else {
            return Vec::new();
        };
        let promise = |replica: ReplicaId| self.checks.ledger(replica).promise;
        let is_left_out = |replica: &ReplicaId| {
            let promised = promise(*replica);
            let owner = promised.replica;
            let nobody_leads = !self.core.contains(&owner) || promise(owner) == promised;
            *replica != leader && promised > promise(leader) && nobody_leads
        };
        self.core.iter().copied().filter(is_left_out).collect()
    }

    pub(super) fn why_left_out(&self, left_out: &[ReplicaId]) -> Option<(Cause, String)> {
        let mut why = String::new();
        for replica in left_out {
            let promise = self.checks.ledger(*replica).promise;
            let of = if promise.replica == *replica {
                format!("its own ballot {promise}, above the leader's, and does not lead")
            } else {
                format!("the ballot {promise}, above the leader's, and nobody leads in it")
            };
            why.push_str(&format!(
                "; replica {replica} is left out: it promised {of}"
            ));
        }
        (!why.is_empty()).then_some((Cause::StrandedByPromise, why))
    }

    /// What the election has to do with a divergence. Nothing, where a replica is
    /// down, or where two hold different things up to the same index.
    pub(super) fn why_diverged(&self) -> Option<(Cause, String)> {
        let held = self.core.iter().map(|replica| self.checks.held(*replica));
        let held = held.collect::<Option<Vec<Held>>>()?;
        let differ = |one: &Held| {
            let same_index = held.iter().filter(|other| other.index == one.index);
            same_index
                .map(|other| (other.chain, other.state))
                .any(|other| other != (one.chain, one.state))
        };
        if held.iter().any(differ) {
            return None;
        }
        let why = self.why_circle();
        if why.is_none() && convergence(self.ended, &held).is_none() {
            return self.why_upset(self.last_third());
        }
        why
    }

    /// What the election has to do with requests that were not answered: a leader
    /// that falls loses those that nobody repeats.
    pub(super) fn why_unfinished(&self) -> Option<(Cause, String)> {
        let why = self.why_circle();
        if why.is_none() && !self.profile.retries_are_safe {
            return self.why_upset(self.probes_count_from());
        }
        why
    }

    /// That nobody leads because the election goes round in a circle, if it does.
    fn why_circle(&self) -> Option<(Cause, String)> {
        let circle = self.leaders.circle(self.core);
        // Whoever is down says nothing any more, and keeps nobody from taking over.
        let circle = circle.filter(|circle| circle.iter().all(|replica| self.is_up(*replica)))?;
        let next = circle.iter().copied().cycle().skip(1);
        let pairs: Vec<_> = circle.iter().copied().zip(next).collect();
        let why = format!(
            "; nobody leads: heartbeats show a circle in which {}, and nobody takes over as long as any of them is content",
            who_takes_whom(&pairs)
        );
        Some((Cause::ElectionCycle, why))
    }

    /// That a leader fell since then because heartbeats named others, if one did.
    fn why_upset(&self, since: Option<Instant>) -> Option<(Cause, String)> {
        let pairs = self.leaders.upset(since?)?;
        let why = format!(
            "; a leader fell who was well: heartbeats named others who did not lead: {}",
            who_takes_whom(pairs)
        );
        Some((Cause::LeaderDeposed, why))
    }
}

fn who_takes_whom(pairs: &[(ReplicaId, ReplicaId)]) -> String {
    let words = |(one, other): &(_, _)| format!("replica {one} takes {other} for the leader");
    pairs.iter().map(words).collect::<Vec<_>>().join(", ")
}
