//! Who names whom as the leader, and since when.

use simulated_clock::Instant;

use super::heartbeats::{Heartbeat, Heartbeats};
use super::per_replica::PerReplica;
use crate::observation::{Ballot, Kind, Kinds, LogId, Observation, ReplicaId};

/// Every replica's present view of who leads.
#[derive(Clone, Debug)]
pub struct LeaderLog {
    /// The log with the highest number of which anybody told: who leads another is the past.
    log: LogId,
    views: PerReplica<View>,
    heartbeats: Heartbeats,
    upset: Option<Upset>,
}

/// A takeover of which heartbeats show that the election had gone astray: who
/// took whom for the leader, although that one did not lead.
#[derive(Clone, Debug)]
struct Upset {
    at: Instant,
    astray: Vec<(ReplicaId, ReplicaId)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct View {
    leader: Option<ReplicaId>,
    since: Instant,
    /// Whether the replica itself is in the accept phase.
    accepting: bool,
    /// What it promised last.
    promise: Ballot,
    /// It went down and has not led since: others may still follow its old ballot.
    restarted: bool,
}

impl LeaderLog {
    /// The kinds of observation that it looks at.
    pub const SEES: Kinds =
        Kinds::of(&[Kind::Leads, Kind::Promise, Kind::Started, Kind::Heartbeat]);

    /// Nobody knows a leader yet.
    pub fn new(replicas: u64) -> Self {
        Self {
            log: LogId::FIRST,
            views: PerReplica::new(replicas),
            heartbeats: Heartbeats::new(replicas),
            upset: None,
        }
    }

    /// Takes what a replica says of the election of a log into account.
    pub fn observe<E>(
        &mut self,
        at: Instant,
        replica: ReplicaId,
        log: LogId,
        observation: &Observation<E>,
    ) {
        if log > self.log {
            *self = Self {
                log,
                ..Self::new(self.views.len())
            };
        }
        // A life begins for all logs.
        if log < self.log && observation.kind() != Kind::Started {
            return;
        }
        match observation {
            Observation::Leads { leader, accepting } => {
                if self.views[replica].leader != *leader {
                    self.change(at, replica, *leader);
                }
                self.views[replica].accepting = *accepting;
            }
            Observation::Promise(ballot) => self.views[replica].promise = *ballot,
            Observation::Started { incarnation } => {
                self.views[replica].restarted = *incarnation > 1;
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
                    heard: at,
                };
                self.heartbeats.hear(*of, heartbeat);
            }
            _ => {}
        }
    }

    #[cold]
    fn change(&mut self, at: Instant, replica: ReplicaId, leader: Option<ReplicaId>) {
        if leader == Some(replica) {
            let astray = self.astray(at, replica);
            if !astray.is_empty() {
                self.upset = Some(Upset { at, astray });
            }
            self.views[replica].restarted = false;
        }
        let view = &mut self.views[replica];
        (view.leader, view.since) = (leader, at);
    }

    /// What the heartbeats that a replica takes over by say of others, or of
    /// itself: that it was followed already, in the ballot before its new one,
    /// although it did not lead.
    fn astray(&self, at: Instant, replica: ReplicaId) -> Vec<(ReplicaId, ReplicaId)> {
        if let Some(circle) = self.heartbeats.circle_at(at) {
            let next = circle.iter().copied().cycle().skip(1);
            return circle.iter().copied().zip(next).collect();
        }
        let view = self.views[replica];
        let number = view.promise.number.saturating_sub(1);
        let follower = self.heartbeats.follower_at(at, replica, number);
        let follower = follower.filter(|_| !view.restarted);
        follower.map(|one| (one, replica)).into_iter().collect()
    }

    /// Who took whom for the leader at the last takeover since then, if those
    /// did not lead.
    pub fn upset(&self, since: Instant) -> Option<&[(ReplicaId, ReplicaId)]> {
        let upset = self.upset.as_ref().filter(|upset| upset.at >= since)?;
        Some(&upset.astray)
    }

    /// Replicas of `core` of which each takes the next for the leader, and the
    /// last the first, while nobody leads: the election will never end.
    pub fn circle(&self, core: &[ReplicaId]) -> Option<Vec<ReplicaId>> {
        let is_followed =
            |replica: &ReplicaId| self.leads(*replica) && !self.is_deposed(*replica, core);
        if core.iter().any(is_followed) {
            return None;
        }
        self.heartbeats.circle(core)
    }

    /// Whether most of `core` promised a ballot above this replica's, so that
    /// it leads by its own account only.
    fn is_deposed(&self, replica: ReplicaId, core: &[ReplicaId]) -> bool {
        let own = self.views[replica].promise;
        let above = |other: &&ReplicaId| self.views[**other].promise > own;
        core.iter().filter(above).count() * 2 > core.len()
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

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    fn log(views: &[(u64, ReplicaId, Option<ReplicaId>)]) -> LeaderLog {
        let mut log = LeaderLog::new(3);
        for (time, replica, leader) in views {
            log.observe(at(*time), *replica, LogId::FIRST, &leads(*leader, true));
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
        log.observe(at(15), 2, LogId::FIRST, &leads(Some(2), false));
        let error = log.stable(at(10), &[1, 2, 3], at(20)).unwrap_err();
        assert!(error.contains("which does not lead"), "{error}");
    }

    fn ballot(number: u32, replica: ReplicaId) -> Ballot {
        Ballot {
            number,
            replica,
            ..Ballot::default()
        }
    }

    fn heartbeat(of: ReplicaId, follows: ReplicaId) -> Observation<()> {
        Observation::Heartbeat {
            of,
            ballot: ballot(1, of),
            follows: ballot(1, follows),
            happy: true,
        }
    }

    /// Replica 3 takes over from 2, having heard whom 1 and 2 follow.
    fn takeover(follows: [ReplicaId; 2], restarted: bool) -> LeaderLog {
        let mut log = log(&[(1, 1, Some(2)), (1, 2, Some(2)), (1, 3, Some(2))]);
        let incarnation = if restarted { 2 } else { 1 };
        log.observe(
            at(5),
            3,
            LogId::FIRST,
            &Observation::<()>::Started { incarnation },
        );
        log.observe(
            at(9),
            3,
            LogId::FIRST,
            &Observation::<()>::Promise(ballot(2, 3)),
        );
        log.observe(at(9), 3, LogId::FIRST, &heartbeat(1, follows[0]));
        log.observe(at(9), 3, LogId::FIRST, &heartbeat(2, follows[1]));
        log.observe(at(9), 3, LogId::FIRST, &leads(Some(3), false));
        log
    }

    #[test]
    fn a_takeover_is_an_upset_if_heartbeats_named_one_who_did_not_lead() {
        let circle = takeover([2, 1], false);
        assert_eq!(circle.upset(at(9)), Some(&[(1, 2), (2, 1)][..]));
        assert_eq!(circle.upset(at(10)), None, "it was before");
        let itself = takeover([3, 2], false);
        assert_eq!(itself.upset(at(9)), Some(&[(1, 3)][..]));
    }

    #[test]
    fn a_takeover_from_one_who_did_lead_is_none() {
        assert_eq!(takeover([2, 2], false).upset(at(0)), None);
        let restarted = takeover([3, 2], true);
        assert_eq!(restarted.upset(at(0)), None, "it led before it went down");
    }

    #[test]
    fn a_circle_is_told_only_while_nobody_leads() {
        let mut log = log(&[(1, 1, Some(3)), (1, 2, Some(3)), (1, 3, Some(3))]);
        for (of, follows) in [(1, 2), (2, 1), (3, 2)] {
            log.observe(at(20), 3, LogId::FIRST, &heartbeat(of, follows));
        }
        assert_eq!(log.circle(&[1, 2, 3]), None, "replica 3 leads");
        assert_eq!(log.circle(&[1, 2]), Some(vec![1, 2]), "3 cannot be reached");
        log.observe(at(21), 3, LogId::FIRST, &leads(Some(3), false));
        assert_eq!(log.circle(&[1, 2, 3]), Some(vec![1, 2]));
    }

    #[test]
    fn who_leads_by_its_own_account_only_breaks_no_circle() {
        let mut log = log(&[(1, 1, Some(2)), (1, 2, Some(1)), (1, 3, Some(3))]);
        log.observe(
            at(2),
            3,
            LogId::FIRST,
            &Observation::<()>::Promise(ballot(1, 3)),
        );
        for (of, follows) in [(1, 2), (2, 1), (3, 2)] {
            log.observe(at(20), 3, LogId::FIRST, &heartbeat(of, follows));
        }
        log.observe(
            at(21),
            1,
            LogId::FIRST,
            &Observation::<()>::Promise(ballot(2, 1)),
        );
        assert_eq!(log.circle(&[1, 2, 3]), None, "replica 2 still follows 3");
        log.observe(
            at(22),
            2,
            LogId::FIRST,
            &Observation::<()>::Promise(ballot(2, 1)),
        );
        assert_eq!(log.circle(&[1, 2, 3]), Some(vec![1, 2]));
    }
}
