//! Who names whom as the leader, and since when.

use simulated_clock::Instant;

use super::per_replica::PerReplica;
use crate::observation::ReplicaId;

/// Every replica's present view of who leads.
#[derive(Clone, Debug)]
pub struct LeaderLog {
    views: PerReplica<View>,
}

#[derive(Clone, Copy, Debug, Default)]
struct View {
    leader: Option<ReplicaId>,
    since: Instant,
}

impl LeaderLog {
    /// Nobody knows a leader yet.
    pub fn new(replicas: u64) -> Self {
        Self {
            views: PerReplica::new(replicas),
        }
    }

    /// A replica says who it thinks leads.
    pub fn observe(&mut self, at: Instant, replica: ReplicaId, leader: Option<ReplicaId>) {
        let view = &mut self.views[replica];
        if view.leader != leader {
            *view = View { leader, since: at };
        }
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
        if core.contains(&leader) {
            Ok(leader)
        } else {
            Err(format!(
                "everyone names replica {leader} as the leader, which they cannot reach"
            ))
        }
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
            log.observe(at(*time), *replica, *leader);
        }
        log
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
}
