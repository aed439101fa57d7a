//! Who names whom as the leader, and since when.

use simulated_clock::Instant;

use super::heartbeats::{Heartbeat, Heartbeats};
use super::per_replica::PerReplica;
use crate::observation::{Observation, ReplicaId};

/// Every replica's present view of who leads.
#[derive(Clone, Debug)]
pub struct LeaderLog {
    views: PerReplica<View>,
    heartbeats: Heartbeats,
}

#[derive(Clone, Copy, Debug, Default)]
struct View {
    leader: Option<ReplicaId>,
    since: Instant,
    /// Whether the replica itself is in the accept phase.
    accepting: bool,
}

impl LeaderLog {
    /// Nobody knows a leader yet.
    pub fn new(replicas: u64) -> Self {
        Self {
            views: PerReplica::new(replicas),
            heartbeats: Heartbeats::new(replicas),
        }
    }

    /// Takes what a replica says of the election into account.
    #[inline]
    pub fn observe<E>(&mut self, at: Instant, replica: ReplicaId, observation: &Observation<E>) {
        match observation {
            Observation::Leads { leader, accepting } => {
                let view = &mut self.views[replica];
                if view.leader != *leader {
                    (view.leader, view.since) = (*leader, at);
                }
                view.accepting = *accepting;
            }
            Observation::Heartbeat {
                of,
                ballot,
                follows,
                happy,
            } => {
                let (ballot, follows, happy) = (*ballot, *follows, *happy);
                let heartbeat = Heartbeat {
                    ballot,
                    follows,
                    happy,
                };
                self.heartbeats.hear(*of, heartbeat);
            }
            _ => {}
        }
    }

    /// Replicas of `core` of which each takes the next for the leader, and the
    /// last the first, while nobody leads: the election will never end.
    pub fn circle(&self, core: &[ReplicaId]) -> Option<Vec<ReplicaId>> {
        if core.iter().any(|replica| self.leads(*replica)) {
            return None;
        }
        self.heartbeats.circle(core)
    }

    /// Whether a replica says that it leads, and is in the accept phase.
    fn leads(&self, replica: ReplicaId) -> bool {
        let view = self.views[replica];
        view.leader == Some(replica) && view.accepting
    }

    /// The one leader that every replica of `core` has named since `since` and
    /// until `end`, which is now.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn stable(
        &self,
        since: Instant,
        core: &[ReplicaId],
        end: Instant,
    ) -> Result<ReplicaId, String> {
        assert!(since <= end, "a time of stability ends after it begins");
        let first = *core.first().ok_or("no replica was left to lead")?;
        let leader = self.views[first]
            .leader
            .ok_or_else(|| format!("replica {first} knows no leader at {end}"))?;
        for replica in core {
            let view = self.views[*replica];
            match view.leader {
                None => return Err(format!("replica {replica} knows no leader at {end}")),
                Some(other) if other != leader => {
                    return Err(format!(
                        "replica {first} names {leader} as the leader at {end}, replica {replica} names {other}"
                    ));
                }
                Some(_) if view.since > since => {
                    return Err(format!(
                        "replica {replica} still changed its leader at {}, after {since}",
                        view.since
                    ));
                }
                Some(_) => {}
            }
        }
        if !core.contains(&leader) {
            return Err(format!(
                "everyone names replica {leader} as the leader, which they cannot reach"
            ));
        }
        if !self.leads(leader) {
            return Err(format!(
                "everyone names replica {leader} as the leader, which does not lead at {end}"
            ));
        }
        Ok(leader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ballot;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    fn log(views: &[(u64, ReplicaId, Option<ReplicaId>)]) -> LeaderLog {
        let mut log = LeaderLog::new(3);
        for (time, replica, leader) in views {
            log.observe(at(*time), *replica, &leads(*leader, true));
        }
        log
    }

    fn leads(leader: Option<ReplicaId>, accepting: bool) -> Observation<()> {
        Observation::Leads { leader, accepting }
    }

    #[test]
    fn a_leader_that_all_have_named_for_long_enough_is_stable() {
        let log = log(&[
            (1, 1, Some(2)),
            (2, 2, Some(2)),
            (10, 3, Some(2)),
            (15, 3, Some(2)),
        ]);
        assert_eq!(log.stable(at(10), &[1, 2, 3], at(20)), Ok(2));
    }

    #[test]
    fn a_late_change_a_dissent_or_a_stranger_is_not_stable() {
        let late = log(&[(1, 1, Some(2)), (11, 2, Some(2))]);
        let error = late.stable(at(10), &[1, 2], at(20)).unwrap_err();
        assert!(
            error.contains("replica 2 still changed its leader"),
            "{error}"
        );

        let dissent = log(&[(1, 1, Some(2)), (1, 2, Some(1))]);
        let error = dissent.stable(at(10), &[1, 2], at(20)).unwrap_err();
        assert!(error.contains("replica 1 names 2"), "{error}");

        let nobody = log(&[(1, 1, Some(2))]);
        let error = nobody.stable(at(10), &[1, 2], at(20)).unwrap_err();
        assert!(error.contains("replica 2 knows no leader"), "{error}");

        let stranger = log(&[(1, 1, Some(3)), (1, 2, Some(3))]);
        let error = stranger.stable(at(10), &[1, 2], at(20)).unwrap_err();
        assert!(error.contains("cannot reach"), "{error}");
    }

    #[test]
    fn a_leader_that_all_name_and_that_does_not_lead_is_not_stable() {
        let mut log = log(&[(1, 1, Some(2)), (2, 2, Some(2)), (3, 3, Some(2))]);
        log.observe(at(15), 2, &leads(Some(2), false));
        let error = log.stable(at(10), &[1, 2, 3], at(20)).unwrap_err();
        assert!(error.contains("which does not lead"), "{error}");
    }

    #[test]
    fn a_circle_is_told_only_while_nobody_leads() {
        let ballot = |replica| Ballot {
            number: 1,
            replica,
            ..Ballot::default()
        };
        let heartbeat = |of, follows| Observation::<()>::Heartbeat {
            of,
            ballot: ballot(of),
            follows: ballot(follows),
            happy: true,
        };
        let mut log = log(&[(1, 1, Some(3)), (1, 2, Some(3)), (1, 3, Some(3))]);
        for (of, follows) in [(1, 2), (2, 1), (3, 2)] {
            log.observe(at(20), 3, &heartbeat(of, follows));
        }
        assert_eq!(log.circle(&[1, 2, 3]), None, "replica 3 leads");
        assert_eq!(log.circle(&[1, 2]), Some(vec![1, 2]), "3 cannot be reached");
        log.observe(at(21), 3, &leads(Some(3), false));
        assert_eq!(log.circle(&[1, 2, 3]), Some(vec![1, 2]));
    }
}
