//! What one run may spend: counts, so that a run that ends by them always ends at the same step.
//!
//! A run that feeds itself (messages that beget messages, a timer that fires without time
//! passing) would not end. How much a run needs can be told from its scenario: how long it
//! lasts, how often timers fire, how much clients ask. The budgets are many times that.

use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use super::Profile;
use crate::client::LoopMode;
use crate::scenario::Scenario;

/// What one run may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The most events.
    pub events: u64,
    /// The most messages under way at the same time.
    pub under_way: u64,
    /// The most bytes of what it holds, by an estimate.
    pub memory_bytes: u64,
}

/// How many times the events that a scenario's size suggests a run may take.
const EVENTS_FACTOR: u64 = 20;
/// A link may hold back all that is sent in a whole run.
const UNDER_WAY_FACTOR: u64 = 2;
/// A system of one's own may have timers of which nothing is known here.
const EVENTS_MIN: u64 = 10_000_000;
const UNDER_WAY_MIN: u64 = 100_000;
const MIB: u64 = 1 << 20;
const MEMORY_MIN: u64 = 1_024 * MIB;
/// For each event that a run is expected to take.
const BYTES_PER_EVENT: u64 = 512;
/// The shortest time in which a client asks again, however soon it may.
const SHORTEST_THINK_NS: u64 = 100_000;

impl Budget {
    /// What one run of a system with this profile may spend, where settling takes so long.
    pub fn of(scenario: &Scenario, profile: &Profile, settles: Duration) -> Self {
        let expected = expected_events(scenario, profile, settles);
        let given = scenario.budget;
        let of_size = |factor: u64, least: u64| expected.saturating_mul(factor).max(least);
        let memory = given.memory_mib.map(|mib| mib.saturating_mul(MIB));
        Self {
            events: given
                .events
                .unwrap_or_else(|| of_size(EVENTS_FACTOR, EVENTS_MIN)),
            under_way: given
                .under_way
                .unwrap_or_else(|| of_size(UNDER_WAY_FACTOR, UNDER_WAY_MIN)),
            memory_bytes: memory.unwrap_or_else(|| of_size(BYTES_PER_EVENT, 0) + MEMORY_MIN),
        }
    }
}

/// How many events a run of this size takes, generously: every tick makes each replica say
/// something to each other, and every operation goes around once.
fn expected_events(scenario: &Scenario, profile: &Profile, settles: Duration) -> u64 {
    let replicas = scenario.cluster.replicas;
    let lasts = scenario.workload.duration().saturating_add(settles);
    let times = |period: Duration| lasts.as_nanos() / period.as_nanos().max(1);
    let around = 2 + 4 * replicas.saturating_sub(1);
    let of_ticks = times(profile.tick)
        .saturating_mul(replicas)
        .saturating_mul(around);
    let of_operations = expected_operations(scenario).saturating_mul(around + 2);
    let of_sending = match profile.sends_every {
        Duration::ZERO => 0,
        period => times(period).saturating_mul(replicas),
    };
    of_ticks
        .saturating_add(of_operations)
        .saturating_add(of_sending)
}

fn expected_operations(scenario: &Scenario) -> u64 {
    let workload = &scenario.workload;
    let gap = |requests_per_sec: u32| match workload.mode {
        LoopMode::Open => 1_000_000_000 / u64::from(requests_per_sec).max(1),
        LoopMode::Closed => workload.think.min.as_nanos(),
    };
    let phases = workload.phases.iter();
    let of_one = phases.map(|phase| {
        let gap = gap(phase.requests_per_sec).max(SHORTEST_THINK_NS);
        phase.duration.0.as_nanos().div_ceil(gap)
    });
    of_one
        .fold(0, u64::saturating_add)
        .saturating_mul(workload.clients)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(text: &str) -> Scenario {
        Scenario::parse("sized", text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn budget(text: &str) -> Budget {
        let scenario = scenario(text);
        let profile = Profile::of_replicas(scenario.cluster.replicas);
        Budget::of(&scenario, &profile, Duration::from_secs(1))
    }

    #[test]
    fn a_longer_run_of_more_replicas_and_requests_may_spend_more() {
        let phases = |seconds: u64, rate: u64| {
            format!(
                "workload.phases = [{{ duration = \"{seconds}s\", requests_per_sec = {rate} }}]\n"
            )
        };
        let base = budget(&phases(6_000, 100));
        let more = [
            phases(60_000, 100),
            phases(6_000, 1_000),
            phases(6_000, 100) + "cluster.replicas = 5",
            phases(6_000, 100) + "workload.clients = 9",
        ];
        let slow = Profile::of_replicas(3);
        let ticks = Profile {
            tick: Duration::from_millis(1),
            ..slow.clone()
        };
        let sends = Profile {
            sends_every: Duration::from_millis(1),
            ..slow
        };
        let busier = [ticks, sends].map(|profile| {
            Budget::of(
                &scenario(&phases(6_000, 100)),
                &profile,
                Duration::from_secs(1),
            )
        });
        for more in more.iter().map(|text| budget(text)).chain(busier) {
            assert!(more.events > base.events, "{more:?}");
            assert!(more.under_way > base.under_way, "{more:?}");
            assert!(more.memory_bytes > base.memory_bytes, "{more:?}");
        }
    }

    #[test]
    fn what_is_given_holds_and_the_rest_is_derived() {
        let derived = budget("");
        let given = budget("budget.events = 7\nbudget.memory_mib = 3");
        assert_eq!(given.events, 7);
        assert_eq!(given.memory_bytes, 3 * MIB);
        assert_eq!(given.under_way, derived.under_way);
    }
}
