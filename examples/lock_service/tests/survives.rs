//! The lock service keeps its promises, whatever happens.

use std::path::Path;

use lock_service::LockService;
use omnisim::client::{KeyOptions, LoopMode, Phase, Retry, WorkloadOptions};
use omnisim::nemesis::{FaultRate, NemesisOptions};
use omnisim::replica::omnipaxos::{ClusterOptions, Snapshots};
use omnisim::scenario::Scenario;
use omnisim::testing::TestBed;
use omnisim::units::{Probability, Time, TimeRange};
use proptest::prelude::*;

/// A failure leaves its files in the package's folder `reports`, and the
/// package's own binary replays it.
fn bed() -> TestBed {
    TestBed::new(env!("CARGO_BIN_EXE_lock_service"), concat!(env!("CARGO_MANIFEST_DIR"), "/reports"))
}

fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    Scenario::load(&folder.join(name).with_extension("toml")).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn locks_survive_partitions() {
    bed().check_seeds::<LockService>(&scenario("partitions"), 0..50);
}

#[test]
fn locks_survive_crashes() {
    bed().check_seeds::<LockService>(&scenario("crashes"), 0..50);
}

#[test]
fn without_sessions_a_retried_release_is_answered_wrongly() {
    bed().check_seeds::<LockService>(&scenario("retry_without_dedup"), 0..50);
}

/// A cluster: small before large, plain before tuned.
fn cluster() -> impl Strategy<Value = ClusterOptions> {
    let replicas = prop_oneof![Just(3), Just(5)];
    let snapshots = prop_oneof![Just(Snapshots::Off), Just(Snapshots::Sync), (10..=80u64).prop_map(Snapshots::Every)];
    (replicas, 1..=4u32, snapshots).prop_map(|(replicas, batch_size, snapshots)| ClusterOptions {
        system: "lock_service".to_owned(),
        replicas,
        batch_size,
        snapshots,
        ..ClusterOptions::default()
    })
}

/// A workload: short before long, few clients before many.
fn workload() -> impl Strategy<Value = WorkloadOptions> {
    let mode = prop_oneof![Just(LoopMode::Closed), Just(LoopMode::Open)];
    let retry = prop_oneof![Just(Retry::None), Just(Retry::Same), Just(Retry::Next)];
    let phase = (500..=4_000u64, 5..=30u32, 0..=900_000u32).prop_map(|(millis, requests_per_sec, read_ppm)| Phase {
        duration: Time::from_millis(millis),
        requests_per_sec,
        read_ratio: Probability::from_ppm(read_ppm),
    });
    (1..=6u64, mode, prop::collection::vec(phase, 1..=2), 1..=5u64, retry, 100..=1_000u64).prop_map(
        |(clients, mode, phases, locks, retry, timeout_ms)| WorkloadOptions {
            clients,
            mode,
            phases,
            keys: KeyOptions { count: locks, ..KeyOptions::default() },
            timeout: Time::from_millis(timeout_ms),
            retry,
            ..WorkloadOptions::default()
        },
    )
}

/// A kind of fault: absent, or so many of them in ten seconds, each up to so long.
fn fault() -> impl Strategy<Value = Option<FaultRate>> {
    let rate = (1..=10u64, 10..=1_500u64).prop_map(|(in_ten_seconds, longest_ms)| FaultRate {
        every: Time::from_millis(10_000 / in_ten_seconds),
        lasts: TimeRange::from_millis(10, longest_ms),
        stability: Time::default(),
    });
    prop::option::of(rate)
}

/// Any kinds of fault together: none before some.
fn nemesis() -> impl Strategy<Value = NemesisOptions> {
    let links = (fault(), fault(), fault(), fault(), fault(), fault());
    let replicas = (fault(), fault(), fault(), fault(), fault());
    (links, replicas).prop_map(
        |(
            (partition, isolate, one_way, cut, clog, session_breaks),
            (crash, crash_at_write, pause, slow, disk_error),
        )| NemesisOptions {
            partition,
            isolate,
            one_way,
            cut,
            clog,
            session_breaks,
            crash,
            crash_at_write,
            pause,
            slow,
            disk_error,
            ..NemesisOptions::default()
        },
    )
}

proptest! {
    // The repro file is what persists a failure: it holds the whole scenario.
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    // A smaller seed is no simpler, so it is not shrunk: then every smaller
    // failure replaces the repro file of the one before, and the last is left.
    #[test]
    fn locks_survive_random_scenarios(
        cluster in cluster(),
        workload in workload(),
        nemesis in nemesis(),
        seed in any::<u32>().no_shrink(),
    ) {
        let scenario = Scenario {
            name: "random".to_owned(),
            about: "made by a property test".to_owned(),
            cluster,
            workload,
            nemesis,
            ..Scenario::default()
        };
        let seed = u64::from(seed);
        bed()
            .try_seeds::<LockService>(&scenario, seed..seed + 1)
            .map_err(|failure| TestCaseError::fail(failure.message))?;
    }
}
