//! All invariants over one run.

use serde::Serialize;
use simulated_clock::Instant;

use super::per_replica::PerReplica;
use super::reference::{Fold, Reference};
use super::witness::{WitnessLog, WitnessOp, Witnessed, witness};
use super::{Broken, Facts, Held, Invariants, Ledger, Seen, Violation};
use crate::observation::{Observation, Position, ReplicaId, Replicated, RequestId};

/// How often a check was evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluated {
    /// The check.
    pub name: &'static str,
    /// How often; `None` where it is not applicable: switched off, or without
    /// anything to compare.
    pub evaluated: Option<u64>,
}

impl Evaluated {
    /// A check that was evaluated this often.
    pub const fn of(name: &'static str, evaluated: u64) -> Self {
        Self {
            name,
            evaluated: if evaluated == 0 {
                None
            } else {
                Some(evaluated)
            },
        }
    }
}

/// All invariants over one run, and what they are told of it.
#[derive(Debug)]
pub struct Checks<E, F> {
    ledgers: PerReplica<Ledger>,
    facts: Facts,
    reference: Reference<F>,
    invariants: Invariants,
    entry: std::marker::PhantomData<fn(&E)>,
}

impl<E: Replicated, F: Fold<E>> Checks<E, F> {
    /// The checks of a run with this many replicas, without those named.
    pub fn new(replicas: u64, without: &[String]) -> Self {
        assert!(replicas > 0, "a run has replicas");
        Self {
            ledgers: PerReplica::new(replicas),
            facts: Facts::new(replicas),
            reference: Reference::default(),
            invariants: Invariants::new(replicas, without),
            entry: std::marker::PhantomData,
        }
    }

    /// A client asks for the command with this digest.
    #[inline]
    pub fn invoked(&mut self, request: RequestId, command_digest: u64) {
        self.facts.invoke(request, command_digest);
    }

    /// Takes one observation into account, and gives the first violation.
    #[inline]
    pub fn observe(
        &mut self,
        at: Instant,
        replica: ReplicaId,
        incarnation: u32,
        observation: &Observation<E>,
    ) -> Option<Violation> {
        keep_ledger(&mut self.ledgers[replica], observation);
        self.reference.observe(&mut self.facts, observation);
        let ledger = &self.ledgers[replica];
        let seen = Seen {
            at,
            replica,
            incarnation,
            ledger,
            facts: &self.facts,
            observation,
        };
        if let Err((check, broken)) = self.invariants.observe(&seen) {
            return Some(violated(check, at, broken));
        }
        self.facts.adopt(replica, ledger, observation);
        None
    }

    /// How often each invariant was evaluated.
    pub fn results(&self) -> Vec<Evaluated> {
        self.invariants.results()
    }

    /// What a replica's disk holds.
    pub fn ledger(&self, replica: ReplicaId) -> &Ledger {
        &self.ledgers[replica]
    }

    /// What was learnt of the run.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// D(index) of the decided log, where somebody could tell it.
    pub fn agreed(&self, index: u64) -> Option<u64> {
        self.facts.agreed(index)
    }

    /// The digest of the reply at a log index, where the reference computed it.
    pub fn reference_reply(&self, index: u64) -> Option<u64> {
        if index > self.reference.index() {
            return None;
        }
        self.facts.applied(index).map(|entry| entry.reply)
    }

    /// The log index at which a command was executed first.
    pub fn executed_at(&self, request: RequestId) -> Option<u64> {
        self.facts.executed_at(request)
    }

    /// What a replica said last, in its present life, that it holds.
    pub fn held(&self, replica: ReplicaId) -> Option<Held> {
        self.facts.held(replica)
    }

    /// How many applied entries the reference could not judge.
    pub fn skipped(&self) -> u64 {
        self.reference.skipped()
    }

    /// Judges the whole history by the agreed log.
    pub fn witness(&self, ops: &[WitnessOp]) -> Witnessed {
        witness(ops, self)
    }
}

impl<E: Replicated, F: Fold<E>> WitnessLog for Checks<E, F> {
    fn executed_at(&self, request: RequestId) -> Option<u64> {
        self.facts.executed_at(request)
    }

    fn executed_twice(&self) -> bool {
        self.facts.executed_twice()
    }

    fn reply(&self, _: RequestId, position: Position) -> Option<u64> {
        match position {
            Position::At(index) => self.reference_reply(index),
            // The fold has gone on, and entries are not kept.
            Position::After(_) => None,
        }
    }
}

/// Takes an observation into a replica's ledger.
///
/// An installed snapshot comes after the trim that makes room for it, and that
/// trim may have gone through entries that were never decided: what the log was
/// up to there, the snapshot alone can say.
#[inline]
pub(super) fn keep_ledger<E>(ledger: &mut Ledger, observation: &Observation<E>) {
    if let Observation::SnapshotStored { count, chain, .. } = observation
        && ledger.compacted() == *count
        && ledger
            .digest_at(*count)
            .is_some_and(|digest| digest != *chain)
    {
        let Ledger {
            promise,
            accepted_round,
            decided,
            ..
        } = *ledger;
        ledger.observe::<E>(&Observation::Lost {
            compacted: *count,
            chain: Some(*chain),
        });
        ledger.promise = promise;
        ledger.accepted_round = accepted_round;
        ledger.decided = decided;
    } else {
        ledger.observe(observation);
    }
}

#[cold]
fn violated(check: &'static str, at: Instant, broken: Broken) -> Violation {
    Violation::safety(check, at, broken.replicas, broken.message)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Add, Sum, WRITTEN, append, applied, decide, replied, restored};
    use super::super::{Class, names};
    use super::*;

    fn log() -> [Add; 2] {
        [Add::new(1, 1, 5), Add::new(1, 2, 2)]
    }

    fn checks(without: &[&str]) -> Checks<Add, Sum> {
        let without: Vec<_> = without.iter().map(|name| (*name).to_owned()).collect();
        let mut checks = Checks::new(3, &without);
        for entry in log() {
            checks.invoked(entry.request(), entry.command_digest());
        }
        checks
    }

    fn see(
        checks: &mut Checks<Add, Sum>,
        replica: ReplicaId,
        observations: impl IntoIterator<Item = Observation<Add>>,
    ) -> Option<Violation> {
        observations.into_iter().find_map(|observation| {
            checks.observe(Instant::from_nanos(7), replica, 1, &observation)
        })
    }

    #[test]
    fn a_correct_run_passes_and_every_check_without_input_says_so() {
        let mut checks = checks(&[]);
        let contents = log().map(|entry| entry.content());
        for replica in [1, 2, 3] {
            assert_eq!(
                see(
                    &mut checks,
                    replica,
                    [Observation::Started { incarnation: 1 }]
                ),
                None
            );
            assert_eq!(see(&mut checks, replica, decide(&contents, 2)), None);
            assert_eq!(
                see(
                    &mut checks,
                    replica,
                    [applied(&log(), 1), applied(&log(), 2)]
                ),
                None
            );
        }
        assert_eq!(
            see(&mut checks, 1, [replied(&log()[1], 1, Position::At(2), 7)]),
            None
        );
        let evaluated: Vec<_> = checks
            .results()
            .into_iter()
            .filter_map(|result| Some((result.name, result.evaluated?)))
            .collect();
        assert_eq!(
            evaluated,
            [
                ("nothing_invented", 2),
                ("log_bounds", 3),
                ("decided_stays", 3),
                ("agreement", 4),
                ("at_most_once", 6),
                ("applied_state", 6),
                ("reply_integrity", 1),
            ]
        );
        assert_eq!(checks.reference_reply(2), Some(7));
        assert_eq!(checks.executed_at(log()[1].request()), Some(2));
        assert_eq!(checks.agreed(2), checks.ledger(3).digest_at(2));
        assert_eq!(checks.skipped(), 0);
    }

    #[test]
    fn a_violation_says_which_check_when_and_who() {
        let mut checks = checks(&[]);
        assert_eq!(see(&mut checks, 1, decide(&[1], 1)), None);
        let violation = see(&mut checks, 2, decide(&[2], 1)).expect("two values are decided");
        assert_eq!(violation.check, "agreement");
        assert_eq!(violation.class, Class::Safety);
        assert_eq!(violation.at, Instant::from_nanos(7));
        assert_eq!(violation.replicas, [1, 2]);
    }

    #[test]
    fn a_check_that_is_switched_off_is_silent_and_not_applicable() {
        let mut checks = checks(&["agreement"]);
        assert_eq!(see(&mut checks, 1, decide(&[1], 1)), None);
        assert_eq!(see(&mut checks, 2, decide(&[2], 1)), None);
        let agreement = Evaluated::of("agreement", 0);
        assert!(checks.results().contains(&agreement));
    }

    #[test]
    fn behind_a_gap_the_reference_tells_nothing() {
        let mut checks = checks(&[]);
        assert_eq!(
            see(&mut checks, 1, [restored(&log(), 1, 5), applied(&log(), 2)]),
            None
        );
        assert_eq!(checks.reference_reply(2), None);
        assert_eq!(checks.skipped(), 1);
        assert_eq!(checks.held(1).map(|held| held.index), Some(1));
    }

    #[test]
    fn the_witness_asks_the_agreed_log() {
        let mut checks = checks(&[]);
        assert_eq!(
            see(&mut checks, 1, [applied(&log(), 1), applied(&log(), 2)]),
            None
        );
        let op = |sequence, reply| WitnessOp {
            client: 1,
            sequence,
            call: 0,
            ret: Some(9),
            position: Some(Position::At(sequence)),
            reply,
        };
        assert_eq!(checks.witness(&[op(1, 5), op(2, 7)]), Witnessed::Consistent);
        assert!(matches!(
            checks.witness(&[op(1, 6)]),
            Witnessed::Inconsistent(_)
        ));
    }

    #[test]
    fn stale_entries_under_a_snapshot_do_not_say_what_the_log_was() {
        let mut ledger = Ledger::default();
        let install = [
            append(8),
            append(8),
            Observation::Decided { to: 1 },
            Observation::Trimmed { to: 1 },
            Observation::SnapshotStored {
                count: 1,
                chain: 77,
                state: None,
            },
            WRITTEN,
        ];
        install
            .iter()
            .for_each(|observation| keep_ledger(&mut ledger, observation));
        assert_eq!(ledger.digest_at(1), Some(77));
        assert_eq!((ledger.decided, ledger.last()), (1, 1));
    }

    #[test]
    fn every_check_has_its_own_name() {
        let distinct: std::collections::BTreeSet<_> = names().iter().collect();
        assert_eq!(distinct.len(), names().len());
        assert!(names().contains(&"linearizability") && names().contains(&"panic"));
        let results = checks(&[]).results();
        assert!(results.iter().all(|result| names().contains(&result.name)));
    }
}
