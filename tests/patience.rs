//! A random run waits as long as a system may take: where nothing fails, every system settles,
//! whatever its timers; one that does not is caught all the same.

mod common;

use common::run;
use omnisim::check::Class;
use omnisim::client::{Phase, Retry, WorkloadOptions};
use omnisim::replica::omnipaxos::{ClusterOptions, MissedTicks, PlantedBug, Quorum, TakeOutgoing};
use omnisim::scenario::Scenario;
use omnisim::units::{Probability, Time};
use omnisim::world::{RunOptions, Verdict};
use proptest::prelude::*;

fn quorum(replicas: u64) -> impl Strategy<Value = Option<Quorum>> {
    let flexible = (2..=replicas, 2..=replicas).prop_map(move |(one, other)| {
        let (write, read) = (one.min(other), one.max(other));
        (read + write > replicas).then_some(Quorum { read, write })
    });
    prop_oneof![Just(None), flexible]
}

/// Timeouts that are much longer than others, and much shorter.
fn ticks() -> impl Strategy<Value = u64> {
    prop_oneof![1u64..=3, 1u64..=15, 10u64..=100]
}

fn millis(range: std::ops::RangeInclusive<u64>) -> impl Strategy<Value = Time> {
    range.prop_map(Time::from_millis)
}

/// The ticks of an election timeout in which heartbeats have time to be answered: no leader
/// stands whose followers are slower than that.
fn patient(cluster: &ClusterOptions, scenario: &Scenario) -> u64 {
    let tick = cluster.tick.as_nanos();
    let waits = match cluster.take_outgoing {
        TakeOutgoing::EachEvent => 0,
        TakeOutgoing::Batch => tick,
        TakeOutgoing::Every(period) => period.as_nanos(),
    };
    let there_and_back = 2 * (scenario.network.latency.longest() + waits);
    cluster
        .election_ticks
        .max((2 * there_and_back).div_ceil(tick))
}

prop_compose! {
    fn cluster()(replicas in 2u64..=5)(
        replicas in Just(replicas),
        quorum in quorum(replicas),
        tick in millis(1..=20),
        (election_ticks, resend_ticks, flush_ticks) in (ticks(), ticks(), ticks()),
        batch_size in prop_oneof![Just(1u32), 2u32..=100],
        buffer_size in 1u32..=100,
        initial_leader in prop::option::of(1..=replicas),
        burst in any::<bool>(),
        dedup in prop::bool::weighted(0.7),
        take_outgoing in prop_oneof![
            Just(TakeOutgoing::EachEvent),
            Just(TakeOutgoing::Batch),
            millis(1..=200).prop_map(TakeOutgoing::Every),
        ],
    ) -> ClusterOptions {
        ClusterOptions {
            replicas,
            quorum,
            tick,
            election_ticks,
            resend_ticks,
            flush_ticks,
            batch_size,
            buffer_size,
            initial_leader,
            missed_ticks: if burst { MissedTicks::Burst } else { MissedTicks::Collapse },
            dedup,
            take_outgoing,
            ..ClusterOptions::default()
        }
    }
}

prop_compose! {
    /// Nothing fails in it; so soon over that the first election may come in the end.
    fn quiet()(
        cluster in cluster(),
        (clients, requests_per_sec) in (1u64..=4, 1u32..=20),
        duration in millis(1..=500),
        timeout in prop_oneof![millis(50..=2_000), millis(10_000..=60_000)],
        retry in prop_oneof![Just(Retry::None), Just(Retry::Same), Just(Retry::Next)],
        drift_ppb in prop_oneof![Just(None), (0u32..=300_000_000).prop_map(Some)],
    ) -> Scenario {
        let read_ratio = Probability::from_ppm(300_000);
        let mut scenario = Scenario {
            name: "quiet".to_owned(),
            workload: WorkloadOptions {
                clients,
                phases: vec![Phase { duration, requests_per_sec, read_ratio }],
                timeout,
                // Without sessions, a retry takes effect twice: a known flaw.
                retry: if cluster.dedup { retry } else { Retry::None },
                ..WorkloadOptions::default()
            },
            ..Scenario::default()
        };
        scenario.clock.drift_ppb = drift_ppb;
        let election_ticks = patient(&cluster, &scenario);
        scenario.cluster = ClusterOptions { election_ticks, ..cluster };
        scenario
    }
}

/// A quarter of what is usual, or of what PROPTEST_CASES says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases / 4,
        failure_persistence: None,
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_system_in_which_nothing_fails_settles_whatever_its_timers(scenario in quiet(), seed: u64) {
        let outcome = run(&scenario, seed, RunOptions::default());
        prop_assert_eq!(outcome.verdict, Verdict::Pass, "{:#?}", outcome.violations);
    }

    #[test]
    fn a_system_that_never_decides_its_last_entry_is_caught_whatever_its_timers(
        mut scenario in quiet(),
        seed: u64,
    ) {
        scenario.cluster.planted = Some(PlantedBug::DecideNotSent);
        scenario.cluster.take_outgoing = TakeOutgoing::EachEvent;
        let outcome = run(&scenario, seed, RunOptions::default());
        prop_assert_eq!(outcome.verdict, Verdict::Violation);
        let classes: Vec<_> = outcome.violations.iter().map(|one| one.class).collect();
        prop_assert!(classes.contains(&Class::Liveness), "{:#?}", outcome.violations);
    }
}
