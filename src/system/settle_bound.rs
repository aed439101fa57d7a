//! How long a random run may take to settle: what the system may take, in simulated time.

use simulated_clock::Duration;

use super::Profile;
use crate::scenario::Scenario;

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

/// How long a system with this profile has to settle: what `check.settle.bound` gives, or
/// enough for the slowest clock, the longest delay of a message, the wait until it is taken, the
/// writes of a round of probes, and one retry of a client that asked too early; at least 20 times
/// the sum of the timeouts and the longest delay.
pub fn settle_bound(scenario: &Scenario, profile: &Profile, longest_delay: Duration) -> Duration {
    if let Some(bound) = scenario.check.settle.bound {
        return bound.0;
    }
    let timeouts = profile.tick.saturating_mul(profile.timeouts);
    let at_least = timeouts
        .saturating_add(longest_delay)
        .saturating_mul(AT_LEAST);
    at_least.max(needed(scenario, profile, longest_delay))
}

fn needed(scenario: &Scenario, profile: &Profile, longest_delay: Duration) -> Duration {
    let tick = scenario.clock.slowest(profile.tick);
    let waits = scenario.clock.slowest(profile.sends_every);
    let on_the_way = longest_delay.saturating_add(waits).saturating_mul(HOPS);
    let probes = scenario
        .workload
        .clients
        .saturating_mul(scenario.cluster.replicas);
    let writing = scenario
        .disk
        .write_latency
        .0
        .saturating_mul(probes * WRITES);
    let patience = profile.patience;
    let answer = tick
        .saturating_mul(patience.answer)
        .saturating_add(on_the_way)
        .saturating_add(writing);
    let leader = tick
        .saturating_mul(patience.leader)
        .saturating_add(on_the_way);
    let retry = match profile.retries_are_safe {
        true => scenario.workload.timeout.0,
        false => Duration::ZERO,
    };
    let in_all = leader.saturating_add(retry).saturating_add(answer);
    let last = answer.saturating_mul(LAST);
    in_all.max(last).max(leader.saturating_mul(COUNTED))
}
