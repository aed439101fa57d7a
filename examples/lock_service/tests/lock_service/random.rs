//! Random scenarios, which shrink: towards few replicas and clients, short runs,
//! and no faults.

use omnisim::client::{KeyOptions, LoopMode, Phase, Retry, WorkloadOptions};
use omnisim::nemesis::{FaultRate, NemesisOptions};
use omnisim::scenario::{CheckOptions, Cluster, Scenario};
use omnisim::systems::omnipaxos::Tuning;
use omnisim::testing::Case;
use omnisim::units::{OpenTable, Probability, Time, TimeRange};
use proptest::prelude::*;

/// A scenario of the system, all of one name, and a seed. A smaller seed is no
/// simpler, so it does not shrink: then every smaller failure replaces the repro
/// file of the one before, and the last is left.
pub(crate) fn run_of(system: &'static str) -> impl Strategy<Value = Case> {
    let scenario = (cluster(system), workload(), nemesis()).prop_map(
        |((cluster, system), workload, nemesis)| Scenario {
            name: "random".to_owned(),
            about: "made by a property test".to_owned(),
            cluster,
            system,
            workload,
            nemesis,
            check: known_findings(),
            ..Scenario::default()
        },
    );
    let seed = any::<u32>().prop_map(u64::from).no_shrink();
    (scenario, seed).prop_map(|(scenario, seed)| Case { scenario, seed })
}

/// A defect of the library is no reason to fail the service; it is told by its
/// signature, so that nothing else hides behind it.
fn known_findings() -> CheckOptions {
    CheckOptions {
        known: vec!["own-promise-left-out".to_owned()],
        ..CheckOptions::default()
    }
}

/// A cluster: small before large, unbatched before batched. Without snapshots,
/// for those of OmniPaxos 0.2.4 can lose what they fold.
fn cluster(system: &'static str) -> impl Strategy<Value = (Cluster, OpenTable)> {
    (prop_oneof![Just(3), Just(5)], 1..=4u32).prop_map(|(replicas, batch_size)| {
        let system = system.to_owned();
        let tuning = Tuning {
            batch_size,
            ..Tuning::default()
        };
        (
            Cluster {
                system,
                replicas,
                ..Cluster::default()
            },
            OpenTable::of(&tuning),
        )
    })
}

/// A workload: short before long, few clients before many.
fn workload() -> impl Strategy<Value = WorkloadOptions> {
    let mode = prop_oneof![Just(LoopMode::Closed), Just(LoopMode::Open)];
    let retry = prop_oneof![Just(Retry::None), Just(Retry::Same), Just(Retry::Next)];
    let phase = (500..=4_000u64, 5..=30u32, 0..=900_000u32).prop_map(
        |(millis, requests_per_sec, read_ppm)| Phase {
            duration: Time::from_millis(millis),
            requests_per_sec,
            read_ratio: Probability::from_ppm(read_ppm),
        },
    );
    (
        1..=6u64,
        mode,
        prop::collection::vec(phase, 1..=2),
        1..=5u64,
        retry,
        100..=1_000u64,
    )
        .prop_map(
            |(clients, mode, phases, locks, retry, timeout_ms)| WorkloadOptions {
                clients,
                mode,
                phases,
                keys: KeyOptions {
                    count: locks,
                    ..KeyOptions::default()
                },
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
