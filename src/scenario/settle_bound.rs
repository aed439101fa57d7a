//! How long a random run may take to settle: what the system may take, in simulated time.

use simulated_clock::Duration;

use super::Scenario;
use crate::replica::omnipaxos::{Patience, TakeOutgoing};

/// What is given at least: so often all timeouts together, and the longest delay.
const AT_LEAST: u64 = 20;
/// Messages one after the other until a request is answered: to a replica, to the leader,
/// to a follower and back, to the replica that answers, and to the client; before that
/// four more where a follower has to be brought in line first (`PrepareReq`, `Prepare`,
/// `Promise`, `AcceptSync`).
const HOPS: u64 = 10;
/// Probes are issued until a quarter of the time is left, in which the last are answered.
const LAST: u64 = 4;
/// Where nobody retries, probes count from half of the time on: a leader must stand by then.
const COUNTED: u64 = 2;
/// Writes of a replica for one request: the entry, how far it is decided, and the same
/// again for a batch and a checkpoint.
const WRITES: u64 = 4;

impl Scenario {
    /// How long a system has to settle that may take as long as `patience` says: what
    /// `check.settle.bound` gives, or enough for the slowest clock, the longest delay of a
    /// message, the wait until it is taken, the writes of a round of probes, and one retry of
    /// a client that asked too early; at least 20 times the sum of the timeouts and the
    /// longest delay.
    pub fn settle_bound(&self, patience: Patience, longest_delay: Duration) -> Duration {
        if let Some(bound) = self.check.settle.bound {
            return bound.0;
        }
        let cluster = &self.cluster;
        let ticks = cluster.election_ticks + cluster.resend_ticks + cluster.flush_ticks;
        let timeouts = cluster.tick.0.saturating_mul(ticks);
        let at_least = timeouts
            .saturating_add(longest_delay)
            .saturating_mul(AT_LEAST);
        at_least.max(self.needed(patience, longest_delay))
    }

    /// The longest that a message waits until it is taken from its replica.
    pub(super) fn longest_wait_to_be_sent(&self) -> Duration {
        match self.cluster.take_outgoing {
            TakeOutgoing::EachEvent => Duration::ZERO,
            TakeOutgoing::Batch => self.clock.slowest(self.cluster.tick.0),
            TakeOutgoing::Every(period) => self.clock.slowest(period.0),
        }
    }

    fn needed(&self, patience: Patience, longest_delay: Duration) -> Duration {
        let tick = self.clock.slowest(self.cluster.tick.0);
        let waits = self.longest_wait_to_be_sent();
        let on_the_way = longest_delay.saturating_add(waits).saturating_mul(HOPS);
        let probes = self.workload.clients.saturating_mul(self.cluster.replicas);
        let writing = self.disk.write_latency.0.saturating_mul(probes * WRITES);
        let answer = tick
            .saturating_mul(patience.answer)
            .saturating_add(on_the_way)
            .saturating_add(writing);
        let leader = tick
            .saturating_mul(patience.leader)
            .saturating_add(on_the_way);
        let retry = match self.cluster.dedup {
            true => self.workload.timeout.0,
            false => Duration::ZERO,
        };
        let in_all = leader.saturating_add(retry).saturating_add(answer);
        let last = answer.saturating_mul(LAST);
        in_all.max(last).max(leader.saturating_mul(COUNTED))
    }
}
