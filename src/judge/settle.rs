//! The judgement of the settle phase: requests complete, replicas agree on one
//! leader and hold the same, and what was acknowledged is still there.

use crate::check::{
    Cause, Held, LogChecks, Unfinished, Violation, acknowledged_survives, completion, convergence,
};
use crate::client::Retry;
use crate::nemesis::SettleMode;
use crate::observation::{LogId, ReplicaId};
use crate::system::{EndOfRun, Judge, Judgement, System};

/// Judges whether the system works again after settling, if the run came to its end.
pub(super) struct WorksAgain;

impl<S: System> Judge<S> for WorksAgain {
    fn checks(&self) -> &'static [&'static str] {
        &["completion", "convergence", "acknowledged_survives"]
    }

    /// What is over is not missing; probes are kept anyway.
    fn needs_from(&self, all: usize) -> usize {
        all
    }

    fn judge(&mut self, run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
        if run.settled.is_some() {
            judge(run, judgement);
        }
    }
}

fn judge<S: System>(run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
    let left_out = run.left_out();
    run.judge_completion(&left_out, judgement);
    if !run.checks.logs().any(|(_, checks)| run.is_told(checks)) {
        judgement.not_applicable("convergence");
        judgement.not_applicable("acknowledged_survives");
        let remark = "convergence is not applicable: no replica tells its state";
        judgement.remarks.push(remark.to_owned());
        return;
    }
    run.judge_convergence(&left_out, judgement);
    run.judge_survival(judgement);
}

impl<S: System> EndOfRun<'_, S> {
    /// Whether any replica that has to work again says what it holds of a log.
    fn is_told(&self, checks: &LogChecks<S::Fold>) -> bool {
        let mut core = self.core.iter();
        core.any(|replica| checks.held(*replica).is_some())
    }

    fn judge_convergence(&self, left_out: &[ReplicaId], judgement: &mut Judgement) {
        judgement.evaluated("convergence", self.core.len() as u64);
        let Some(violation) = self.diverged(self.core) else {
            return;
        };
        let core = self.core.iter().copied();
        let others: Vec<_> = core.filter(|replica| !left_out.contains(replica)).collect();
        let is_why = others.len() < self.core.len() && self.diverged(&others).is_none();
        let stranded = is_why.then(|| self.why_left_out(left_out)).flatten();
        let violation = violation.explained(stranded);
        let violation = violation.explained(self.why_diverged());
        let impatience = self.profile.impatience.clone();
        judgement.violations.push(violation.beside(impatience));
    }

    fn judge_completion(&self, left_out: &[ReplicaId], judgement: &mut Judgement) {
        let (demanded, unfinished) = self.unfinished();
        judgement.evaluated("completion", demanded);
        let all_left_out = unfinished.iter().all(|one| {
            self.target_of(one.request)
                .is_some_and(|replica| left_out.contains(&replica))
        });
        judgement
            .violations
            .extend(completion(self.ended, &unfinished).map(|violation| {
                let stranded = all_left_out.then(|| self.why_left_out(left_out));
                let violation = violation.explained(stranded.flatten());
                let violation = violation.explained(self.why_unfinished());
                violation.beside(self.profile.impatience.clone())
            }));
    }

    /// Whether these replicas hold different things, or see different leaders.
    fn diverged(&self, replicas: &[ReplicaId]) -> Option<Violation> {
        let liveness = |cause, replicas: Vec<_>, reason| {
            let violation = Violation::liveness("convergence", cause, self.ended, replicas, reason);
            Some(violation)
        };
        for (log, checks) in self.checks.logs() {
            let held = replicas.iter().map(|replica| checks.held(*replica));
            let held: Vec<Held> = held.flatten().collect();
            let mut silent = replicas.iter();
            let silent = silent.find(|replica| checks.held(**replica).is_none());
            // Not every replica has to have every log; but one that has a log has the first.
            if let Some(silent) = silent.filter(|_| log == LogId::FIRST && self.is_told(checks)) {
                let reason =
                    format!("at the end replica {silent} is down or tells nothing of its state");
                return liveness(Cause::Silent, vec![*silent], reason);
            }
            if let Some(violation) = convergence(self.ended, &held) {
                return Some(violation.in_log(log));
            }
        }
        let stable = self
            .leaders
            .stable(self.last_third()?, replicas, self.ended);
        stable
            .err()
            .and_then(|reason| liveness(Cause::NoLastingLeader, replicas.to_vec(), reason))
    }

    fn judge_survival(&self, judgement: &mut Judgement) {
        if let Some(remark) = self.survives_undecided() {
            judgement.not_applicable("acknowledged_survives");
            judgement.remarks.push(remark);
            return;
        }
        judgement.evaluated("acknowledged_survives", self.acknowledged);
        // Whoever lags behind has not converged; what nobody holds is lost.
        let decided = |replica: &ReplicaId| self.checks.ledger(*replica).decided;
        let most = self.core.iter().map(decided).max().unwrap_or(0);
        let best: Vec<_> = self
            .core
            .iter()
            .copied()
            .filter(|replica| decided(replica) == most)
            .collect();
        let survives = acknowledged_survives(self.ended, self.acknowledged, self.checks, &best);
        judgement.violations.extend(survives);
    }

    /// Whether what was acknowledged last is there, but known to be decided to
    /// nobody who has to work: then nothing is lost, and nothing says that it stays.
    fn survives_undecided(&self) -> Option<String> {
        let acknowledged = self.acknowledged;
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
        let dedup = self.profile.retries_are_safe;
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
        // Clients that ask until they are answered abandon nothing.
        let mut count = if retried { self.forgotten as u64 } else { 0 };
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
}
