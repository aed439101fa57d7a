//! The judgement of the settle phase: requests complete, replicas agree on one
//! leader and hold the same, and what was acknowledged is still there.
//!
//! Where only replicas fail that the protocol itself has left out, the violation
//! says so: that is a reason to look for in the library, and a signature.

use simulated_clock::{Duration, Instant};

use super::judge::{Judgement, not_applicable};
use super::{Stage, World};
use crate::check::{
    Cause, Evaluated, Held, Unfinished, Violation, acknowledged_survives, completion, convergence,
};
use crate::client::Retry;
use crate::nemesis::SettleMode;
use crate::observation::ReplicaId;
use crate::systems::System;

impl<S: System> World<'_, S> {
    /// After settle, the system works again.
    pub(super) fn judge_settle(&mut self, ended: Instant, judgement: &mut Judgement) {
        let left_out = self.left_out();
        self.judge_completion(ended, &left_out, judgement);
        if self
            .core
            .iter()
            .all(|replica| self.checks.held(*replica).is_none())
        {
            judgement.checks.push(not_applicable("convergence"));
            judgement
                .checks
                .push(not_applicable("acknowledged_survives"));
            judgement
                .remarks
                .push("convergence is not applicable: no replica tells its state".to_owned());
            return;
        }
        judgement
            .checks
            .push(Evaluated::of("convergence", self.core.len() as u64));
        if let Some(violation) = self.diverged(ended, &self.core) {
            let others: Vec<_> = self
                .core
                .iter()
                .copied()
                .filter(|replica| !left_out.contains(replica))
                .collect();
            let is_why = others.len() < self.core.len() && self.diverged(ended, &others).is_none();
            let stranded = is_why.then(|| self.why_left_out(&left_out)).flatten();
            let violation = violation.explained(stranded);
            let violation = violation.explained(self.why_diverged(ended));
            judgement.violations.push(violation);
        }
        self.judge_survival(ended, judgement);
    }

    fn judge_completion(&self, ended: Instant, left_out: &[ReplicaId], judgement: &mut Judgement) {
        let (demanded, unfinished) = self.unfinished();
        judgement.checks.push(Evaluated::of("completion", demanded));
        let through = |one: &Unfinished| {
            let client = &self.clients[one.request.client as usize - 1];
            client.target_of(one.request.sequence)
        };
        let all_left_out = unfinished
            .iter()
            .all(|one| through(one).is_some_and(|replica| left_out.contains(&replica)));
        judgement
            .violations
            .extend(completion(ended, &unfinished).map(|violation| {
                let stranded = all_left_out.then(|| self.why_left_out(left_out));
                let violation = violation.explained(stranded.flatten());
                violation.explained(self.why_unfinished())
            }));
    }

    /// Whether these replicas hold different things, or see different leaders.
    fn diverged(&self, ended: Instant, replicas: &[ReplicaId]) -> Option<Violation> {
        let liveness = |cause, replicas: Vec<_>, reason| {
            let violation = Violation::liveness("convergence", cause, ended, replicas, reason);
            Some(violation)
        };
        let held: Vec<Held> = replicas
            .iter()
            .filter_map(|replica| self.checks.held(*replica))
            .collect();
        let silent = replicas
            .iter()
            .find(|replica| self.checks.held(**replica).is_none());
        if let Some(silent) = silent {
            let reason =
                format!("at the end replica {silent} is down or tells nothing of its state");
            return liveness(Cause::Silent, vec![*silent], reason);
        }
        if let Some(violation) = convergence(ended, &held) {
            return Some(violation);
        }
        let stable = self.leaders.stable(self.last_third()?, replicas, ended);
        stable
            .err()
            .and_then(|reason| liveness(Cause::NoLastingLeader, replicas.to_vec(), reason))
    }

    /// From when on one leader has to stand.
    fn last_third(&self) -> Option<Instant> {
        let Stage::Settle { began, ends } = self.stage else {
            return None;
        };
        Some(ends - Duration::from_nanos(ends.saturating_since(began).as_nanos() / 3))
    }

    fn judge_survival(&self, ended: Instant, judgement: &mut Judgement) {
        if let Some(remark) = self.survives_undecided() {
            judgement
                .checks
                .push(not_applicable("acknowledged_survives"));
            judgement.remarks.push(remark);
            return;
        }
        judgement.checks.push(Evaluated::of(
            "acknowledged_survives",
            self.tally.acknowledged,
        ));
        // Whoever lags behind has not converged; what nobody holds is lost.
        let decided = |replica: &ReplicaId| self.checks.ledger(*replica).decided;
        let most = self.core.iter().map(decided).max().unwrap_or(0);
        let best: Vec<_> = self
            .core
            .iter()
            .copied()
            .filter(|replica| decided(replica) == most)
            .collect();
        let survives = acknowledged_survives(ended, self.tally.acknowledged, &self.checks, &best);
        judgement.violations.extend(survives);
    }

    /// Whether what was acknowledged last is there, but known to be decided to
    /// nobody who has to work: then nothing is lost, and nothing says that it stays.
    fn survives_undecided(&self) -> Option<String> {
        let acknowledged = self.tally.acknowledged;
        let agreed = self.checks.agreed(acknowledged)?;
        let ledgers = || self.core.iter().map(|replica| self.checks.ledger(*replica));
        let decided = ledgers().map(|ledger| ledger.decided).max()?;
        let is_held = ledgers().any(|ledger| ledger.digest_at(acknowledged) == Some(agreed));
        (decided < acknowledged && is_held).then(|| {
            format!(
                "acknowledged_survives cannot be told: the entry {acknowledged}, from which a client was answered, is there, but only those up to {decided} are known to be decided"
            )
        })
    }

    /// How many operations had to complete, and those that did not.
    fn unfinished(&self) -> (u64, Vec<Unfinished>) {
        let dedup = self.scenario.cluster.dedup;
        let counts_from = self.probes_count_from();
        let in_core = self.scenario.check.settle.mode == SettleMode::Core;
        let retry = self.scenario.workload.retry;
        let retried = dedup && (retry == Retry::Next || retry == Retry::Same && !in_core);
        let demanded = self.history.iter().filter(|record| {
            if record.probe {
                dedup || counts_from.is_some_and(|from| record.call >= from)
            } else {
                retried
            }
        });
        let mut count = 0;
        let missing = demanded
            .inspect(|_| count += 1)
            .filter(|record| record.completion.is_none())
            .map(|record| Unfinished {
                request: record.id(),
                description: format!("{:?}", record.command),
                issued_at: record.call,
            })
            .collect();
        (count, missing)
    }

    /// Replicas that follow nobody because they promised a ballot above the
    /// leader's in which nobody leads: their own, or that of one who cannot be
    /// reached or who is left out by it, too.
    fn left_out(&self) -> Vec<ReplicaId> {
        let Some(leader) = self.tally.leader else {
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

    fn why_left_out(&self, left_out: &[ReplicaId]) -> Option<(Cause, String)> {
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
    fn why_diverged(&self, ended: Instant) -> Option<(Cause, String)> {
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
        if why.is_none() && convergence(ended, &held).is_none() {
            return self.why_upset(self.last_third());
        }
        why
    }

    /// What the election has to do with requests that were not answered: a leader
    /// that falls loses those that nobody repeats.
    fn why_unfinished(&self) -> Option<(Cause, String)> {
        let why = self.why_circle();
        if why.is_none() && !self.scenario.cluster.dedup {
            return self.why_upset(self.probes_count_from());
        }
        why
    }

    /// That nobody leads because the election goes round in a circle, if it does.
    fn why_circle(&self) -> Option<(Cause, String)> {
        let is_up = |replica: &ReplicaId| self.processes[*replica as usize - 1].is_up();
        let circle = self.leaders.circle(&self.core);
        // Whoever is down says nothing any more, and keeps nobody from taking over.
        let circle = circle.filter(|circle| circle.iter().all(is_up))?;
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
