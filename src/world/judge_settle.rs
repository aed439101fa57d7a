//! The judgement of the settle phase: requests complete, replicas agree on one
//! leader and hold the same, and what was acknowledged is still there.
//!
//! Where only replicas fail that the protocol itself has left out, the violation
//! says so: that is a reason to look for in the library, and a signature.

use simulated_clock::{Duration, Instant};

use super::judge::{Judgement, not_applicable};
use super::{Stage, World};
use crate::check::{
    Evaluated, Held, Unfinished, Violation, acknowledged_survives, completion, convergence,
};
use crate::client::Retry;
use crate::nemesis::SettleMode;
use crate::observation::ReplicaId;
use crate::systems::System;

impl<S: System> World<'_, S> {
    /// After settle, the system works again.
    pub(super) fn judge_settle(&mut self, ended: Instant, judgement: &mut Judgement) {
        let left_out = self.left_out();
        let circle = self.why_circle();
        self.judge_completion(ended, &left_out, &circle, judgement);
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
        if let Some(mut violation) = self.diverged(ended, &self.core) {
            let others: Vec<_> = self
                .core
                .iter()
                .copied()
                .filter(|replica| !left_out.contains(replica))
                .collect();
            if others.len() < self.core.len() && self.diverged(ended, &others).is_none() {
                violation.message.push_str(&self.why_left_out(&left_out));
            }
            violation.message.push_str(&circle);
            judgement.violations.push(violation);
        }
        self.judge_survival(ended, judgement);
    }

    fn judge_completion(
        &self,
        ended: Instant,
        left_out: &[ReplicaId],
        circle: &str,
        judgement: &mut Judgement,
    ) {
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
            .extend(completion(ended, &unfinished).map(|mut violation| {
                if all_left_out {
                    violation.message.push_str(&self.why_left_out(left_out));
                }
                violation.message.push_str(circle);
                violation
            }));
    }

    /// Whether these replicas hold different things, or see different leaders.
    fn diverged(&self, ended: Instant, replicas: &[ReplicaId]) -> Option<Violation> {
        let liveness = |replicas: Vec<_>, reason| {
            Some(Violation::liveness("convergence", ended, replicas, reason))
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
            return liveness(vec![*silent], reason);
        }
        if let Some(violation) = convergence(ended, &held) {
            return Some(violation);
        }
        let Stage::Settle { began, ends } = self.stage else {
            return None;
        };
        let third = Duration::from_nanos(ends.saturating_since(began).as_nanos() / 3);
        let stable = self.leaders.stable(ends - third, replicas, ended);
        stable
            .err()
            .and_then(|reason| liveness(replicas.to_vec(), reason))
    }

    fn judge_survival(&self, ended: Instant, judgement: &mut Judgement) {
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

    /// Replicas that follow nobody because they promised a ballot of their own
    /// above the leader's, without leading in it.
    fn left_out(&self) -> Vec<ReplicaId> {
        let Some(leader) = self.tally.leader else {
            return Vec::new();
        };
        let ballot = self.checks.ledger(leader).promise;
        let is_left_out = |replica: &ReplicaId| {
            let promise = self.checks.ledger(*replica).promise;
            *replica != leader && promise.replica == *replica && promise > ballot
        };
        self.core.iter().copied().filter(is_left_out).collect()
    }

    fn why_left_out(&self, left_out: &[ReplicaId]) -> String {
        let mut why = String::new();
        for replica in left_out {
            let promise = self.checks.ledger(*replica).promise;
            why.push_str(&format!(
                "; replica {replica} is left out: it promised its own ballot {promise}, above the leader's, and does not lead"
            ));
        }
        why
    }
    /// That nobody leads because the election goes round in a circle, if it does.
    fn why_circle(&self) -> String {
        let Some(circle) = self.leaders.circle(&self.core) else {
            return String::new();
        };
        let mut why = "; nobody leads: heartbeats show a circle in which ".to_owned();
        for (place, replica) in circle.iter().enumerate() {
            let next = circle[(place + 1) % circle.len()];
            let comma = if place == 0 { "" } else { ", " };
            why.push_str(&format!(
                "{comma}replica {replica} takes {next} for the leader"
            ));
        }
        why.push_str(", and each is content because the next one is");
        why
    }
}
