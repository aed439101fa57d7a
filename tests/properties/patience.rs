//! A random run waits as long as a system may take: where nothing fails, every system settles,
//! whatever its timers; one that does not is caught all the same.

use crate::common::drawn::{Clusters, cluster, millis};
use crate::common::run;
use omnisim::check::Class;
use omnisim::client::{Phase, Retry, WorkloadOptions};
use omnisim::scenario::{Cluster, Scenario};
use omnisim::systems::omnipaxos::{TakeOutgoing, Tuning};
use omnisim::units::{OpenTable, Probability};
use omnisim::world::{RunOptions, Verdict};
use proptest::prelude::*;

/// Timeouts that are much longer than others, and much shorter.
fn ticks() -> impl Strategy<Value = u64> {
    prop_oneof![1u64..=3, 1u64..=15, 10u64..=100]
}

/// The ticks in which what is asked has time to be answered, twice. No leader stands whose
/// followers answer heartbeats later than an election timeout; and where a resend timeout is over
/// sooner than that, a follower asks to be synchronised again and again before it can have been,
/// and acknowledges nothing meanwhile.
fn patient(tuning: &Tuning, scenario: &Scenario) -> u64 {
    let tick = tuning.tick.as_nanos();
    let waits = match tuning.take_outgoing {
        TakeOutgoing::EachEvent => 0,
        TakeOutgoing::Batch => tick,
        TakeOutgoing::Every(period) => period.as_nanos(),
        other => panic!("nobody says here how long messages wait with {other:?}"),
    };
    let there_and_back = 2 * (scenario.network.latency.longest() + waits);
    (2 * there_and_back).div_ceil(tick)
}

const CLUSTERS: Clusters = Clusters {
    replicas: 2..=5,
    tick: 1..=20,
    timers: || (ticks(), ticks(), ticks()).boxed(),
    batch_max: 100,
    buffer_max: 100,
    priorities: false,
    dedup: 0.7,
    taken_every: 1..=200,
};

prop_compose! {
    /// Nothing fails in it; so soon over that the first election may come in the end.
    fn quiet()(
        (replicas, tuning) in cluster(&CLUSTERS),
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
                retry: if tuning.dedup { retry } else { Retry::None },
                ..WorkloadOptions::default()
            },
            ..Scenario::default()
        };
        scenario.clock.drift_ppb = drift_ppb;
        let least = patient(&tuning, &scenario);
        scenario.cluster = Cluster { replicas, ..Cluster::default() };
        scenario.system = OpenTable::of(&Tuning {
            election_ticks: tuning.election_ticks.max(least),
            resend_ticks: tuning.resend_ticks.max(least),
            ..tuning
        });
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
        scenario.selftest.planted = Some("decide-not-sent".to_owned());
        scenario.system = scenario.system.with("take_outgoing", "each_event");
        let outcome = run(&scenario, seed, RunOptions::default());
        prop_assert_eq!(outcome.verdict, Verdict::Violation);
        let classes: Vec<_> = outcome.violations.iter().map(|one| one.class).collect();
        prop_assert!(classes.contains(&Class::Liveness), "{:#?}", outcome.violations);
    }
}

/// Nothing fails in it; `keys` make it hasty.
fn hasty(keys: &str) -> Scenario {
    let text = format!("workload.phases = [{{ duration = \"2s\" }}]\n{keys}\n");
    Scenario::parse("hasty", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// What a check says of the first of twelve seeds that fails it.
fn complaint(scenario: &Scenario, check: &str) -> String {
    let mut outcomes = (0..12).map(|seed| run(scenario, seed, RunOptions::default()));
    let message = outcomes.find_map(|outcome| {
        let mut violations = outcome.violations.into_iter();
        let found = violations.find(|violation| violation.check == check);
        found.map(|violation| violation.message)
    });
    message.unwrap_or_else(|| panic!("{check} fails in no seed"))
}

/// Messages are under way for 147 ms and more.
const SLOW: &str = "system.tick = \"13ms\"\nsystem.take_outgoing = { every = \"147ms\" }";

#[test]
fn completion_says_where_a_resend_timeout_is_shorter_than_the_round_trip() {
    let scenario = hasty(&format!(
        "{SLOW}\nsystem.resend_ticks = 3\nsystem.election_ticks = 30\n\
         system.quorum = {{ read = 3, write = 3 }}"
    ));
    let message = complaint(&scenario, "completion");
    for part in [
        "system.resend_ticks is over after 39ms",
        "a follower asks to be synchronised again before it can have been",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn convergence_says_where_an_election_timeout_is_shorter_than_the_round_trip() {
    let scenario = hasty(&format!("{SLOW}\nsystem.election_ticks = 12"));
    let message = complaint(&scenario, "convergence");
    let why = "system.election_ticks is over after 156ms";
    assert!(message.contains(why), "{message}");
}

#[test]
fn completion_does_not_blame_settings_that_are_patient() {
    let message = complaint(
        &hasty(
            "selftest.planted = \"retry-ignored\"\nworkload.retry = \"same\"\n\
             workload.timeout = \"50ms\"\n\
             fault = [{ at = \"1s\", for = \"900ms\", kind = \"isolate\", replica = \"leader\" }]",
        ),
        "completion",
    );
    assert!(!message.contains("settings"), "{message}");
}
