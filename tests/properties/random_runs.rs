//! Random scenarios within what the store is written for: durable disks, session
//! links, reads from the log. No run may violate anything, whatever goes wrong.

use std::fmt;

use crate::common::drawn::{Clusters, cluster, millis};
use crate::common::{kv, run};
use omnisim::check::findings;
use omnisim::client::{KeyChoice, LoopMode, Mix, Phase, Retry, WorkloadOptions};
use omnisim::decision::{Answered, Distribution, Kept, Plan, Shape, Tail};
use omnisim::nemesis::{
    ActionRate, Cue, FaultKind, FaultRate, NemesisOptions, SettleMode, TargetedRate, Whom,
};
use omnisim::network::NetworkOptions;
use omnisim::scenario::{ClockQuality, Cluster, Scenario};
use omnisim::search::{Judged, ScenarioTally};
use omnisim::systems::omnipaxos::{TakeOutgoing, Tuning};
use omnisim::units::{OpenTable, Probability, Time, TimeRange};
use omnisim::world::{Outcome, RunOptions};
use proptest::prelude::*;

fn micros(range: std::ops::Range<u64>) -> impl Strategy<Value = Time> {
    range.prop_map(Time::from_micros)
}

const CLUSTERS: Clusters = Clusters {
    replicas: 2..=7,
    tick: 5..=19,
    timers: || (5u64..15, 10u64..40, 1u64..5).boxed(),
    batch_max: 19,
    buffer_max: 99,
    priorities: true,
    dedup: 0.8,
    taken_every: 1..=9,
};

fn latency() -> impl Strategy<Value = Distribution> {
    let shape = prop_oneof![
        micros(10..3_000).prop_map(Shape::Constant),
        (micros(10..1_000), micros(1_000..5_000))
            .prop_map(|(min, max)| Shape::Uniform { min, max }),
        (micros(10..1_000), micros(10..2_000))
            .prop_map(|(min, mean)| Shape::Exponential { min, mean }),
        (micros(100..2_000), 100u32..700).prop_map(|(median, sigma_thousandths)| {
            Shape::LogNormal {
                median,
                sigma_thousandths,
            }
        }),
    ];
    let tail = (1u32..5_000, millis(10..=59)).prop_map(|(ppm, up_to)| Tail {
        probability: Probability::from_ppm(ppm),
        up_to,
    });
    (shape, prop::option::of(tail)).prop_map(|(shape, tail)| Distribution { shape, tail })
}

prop_compose! {
    fn network()(
        latency in latency(),
        client_latency in prop::option::of(latency()),
        (from, more) in (1u64..20, 0u64..60),
    ) -> NetworkOptions {
        NetworkOptions {
            latency,
            client_latency,
            handshake: TimeRange::from_millis(from, from + more),
            ..NetworkOptions::default()
        }
    }
}

fn phase() -> impl Strategy<Value = Phase> {
    (millis(1_000..=1_999), 5u32..50, 0u32..=1_000_000).prop_map(
        |(duration, requests_per_sec, reads)| Phase {
            duration,
            requests_per_sec,
            read_ratio: Probability::from_ppm(reads),
        },
    )
}

prop_compose! {
    fn workload()(
        clients in 1u64..8,
        closed in any::<bool>(),
        phases in prop::collection::vec(phase(), 1..3),
        keys in 1u64..8,
        choice in prop_oneof![
            Just(KeyChoice::Uniform),
            Just(KeyChoice::Zipf),
            (0u32..=1_000_000).prop_map(|ppm| KeyChoice::Hot(Probability::from_ppm(ppm))),
        ],
        (put, delete, append, cas) in (1u32..4, 0u32..3, 0u32..3, 0u32..3),
        timeout in millis(100..=999),
        retry in prop_oneof![Just(Retry::None), Just(Retry::Same), Just(Retry::Next)],
    ) -> WorkloadOptions {
        let mut options = WorkloadOptions {
            clients,
            mode: if closed { LoopMode::Closed } else { LoopMode::Open },
            phases,
            mix: Mix { put, delete, append, cas },
            timeout,
            retry,
            ..WorkloadOptions::default()
        };
        options.keys.count = keys;
        options.keys.choice = choice;
        options
    }
}

/// Present in one scenario of three, so that most combinations are small.
fn rate() -> impl Strategy<Value = Option<FaultRate>> {
    let rate = (millis(200..=1_999), 1u64..500, 0u64..1_500, millis(0..=299));
    let rate = rate.prop_map(|(every, from, more, stability)| FaultRate {
        every,
        lasts: TimeRange::from_millis(from, from + more),
        stability,
    });
    prop::option::weighted(0.33, rate)
}

fn actions() -> impl Strategy<Value = Vec<ActionRate>> {
    let action = prop_oneof![
        Just(("try_become_leader", None)),
        Just(("set_priority", Some(3))),
        Just(("trim", None)),
    ];
    let rate =
        (action, millis(200..=1_999)).prop_map(|((action, value_up_to), every)| ActionRate {
            action: action.to_owned(),
            every,
            value_up_to,
        });
    prop::collection::vec(rate, 0..3)
}

fn targeted() -> impl Strategy<Value = Vec<TargetedRate>> {
    let kinds = [
        FaultKind::Isolate,
        FaultKind::Crash,
        FaultKind::CrashAtWrite,
        FaultKind::Hold,
        FaultKind::Pause,
    ];
    let whom = [Whom::Leader, Whom::Speaker, Whom::Other];
    let cues: Vec<_> = kv()
        .info()
        .cues
        .iter()
        .map(|(cue, _)| Cue::new(*cue))
        .collect();
    let aim = (
        prop::sample::select(cues),
        prop::sample::select(kinds.to_vec()),
        prop::sample::select(whom.to_vec()),
        100u32..100_000,
    );
    let rate = aim.prop_map(|(on, kind, whom, ppm)| TargetedRate {
        on,
        kind,
        whom,
        chance: Probability::from_ppm(ppm),
        lasts: TimeRange::from_millis(20, 500),
        within: Time::from_millis(2),
        stability: Time::from_millis(100),
        may_miss: true,
    });
    prop::collection::vec(rate, 0..3)
}

prop_compose! {
    fn nemesis()(
        (partition, isolate, one_way, cut, clog) in (rate(), rate(), rate(), rate(), rate()),
        (session_breaks, crash, crash_at_write, pause, slow) in (rate(), rate(), rate(), rate(), rate()),
        (slow_disk, disk_error, clock_step, clock_lie, hold) in (rate(), rate(), rate(), rate(), rate()),
        actions in actions(),
        targeted in targeted(),
    ) -> NemesisOptions {
        NemesisOptions {
            start_after: Time::default(),
            partition,
            isolate,
            one_way,
            cut,
            clog,
            hold,
            session_breaks,
            crash,
            crash_at_write,
            pause,
            slow,
            slow_disk,
            disk_error,
            clock_step,
            clock_lie,
            actions,
            targeted,
            ..NemesisOptions::default()
        }
    }
}

/// The ticks of an election timeout that heartbeats have time to answer in: no
/// leader stands whose followers are slower than that.
fn patient(tuning: &Tuning, network: &NetworkOptions) -> u64 {
    let slowest = network
        .latency
        .tail
        .as_ref()
        .map_or(5, |tail| tail.up_to.as_nanos() / 1_000_000);
    let taken = match tuning.take_outgoing {
        TakeOutgoing::Every(time) => time.as_nanos() / 1_000_000,
        // At the latest with the tick that is added below.
        _ => 0,
    };
    let tick = tuning.tick.as_nanos() / 1_000_000;
    let round = 2 * (slowest + taken + tick);
    tuning.election_ticks.max((2 * round).div_ceil(tick))
}

prop_compose! {
    fn scenario()(
        (replicas, tuning) in cluster(&CLUSTERS),
        network in network(),
        mut workload in workload(),
        nemesis in nemesis(),
        write_latency in micros(0..50),
        quality in prop_oneof![Just(ClockQuality::High), Just(ClockQuality::Medium), Just(ClockQuality::Low)],
        core in any::<bool>(),
    ) -> Scenario {
        if !tuning.dedup {
            // Without it a retry takes effect twice: a known flaw.
            workload.retry = Retry::None;
        }
        let tuning = Tuning { election_ticks: patient(&tuning, &network), ..tuning };
        let mut scenario = Scenario {
            name: "random".to_owned(),
            about: "a random scenario within the contract".to_owned(),
            cluster: Cluster { replicas, ..Cluster::default() },
            system: OpenTable::of(&tuning),
            network,
            workload,
            nemesis,
            ..Scenario::default()
        };
        scenario.disk.write_latency = write_latency;
        scenario.clock.quality = quality;
        scenario.check.settle.mode = if core { SettleMode::Core } else { SettleMode::Full };
        scenario
    }
}

/// A scenario that is shown as the file to run it from.
#[derive(Clone)]
struct AsFile(Scenario);

impl fmt::Debug for AsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_text();
        write!(f, "the scenario\n{text}")
    }
}

fn random() -> impl Strategy<Value = AsFile> {
    scenario().prop_map(AsFile)
}

fn recorded(scenario: &Scenario, seed: u64, kept: Kept) -> Outcome {
    let plan = Plan {
        kept,
        ..Plan::default()
    };
    let options = RunOptions {
        plan,
        record_decisions: true,
        ..RunOptions::default()
    };
    run(scenario, seed, options)
}

fn all_of(answers: &[Answered]) -> Kept {
    Kept::Only(
        answers
            .iter()
            .map(|answered| answered.site.clone())
            .collect(),
    )
}

/// Each run is short; a quarter of what is usual, or of what PROPTEST_CASES says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases / 4,
        max_shrink_iters: 200,
        // The message holds the whole scenario and the seed.
        failure_persistence: None,
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_scenario_survives_its_file(AsFile(scenario) in random()) {
        let text = scenario.to_text();
        prop_assert_eq!(Scenario::parse(&scenario.name, &text), Ok(scenario));
    }

    #[test]
    fn a_sound_system_in_its_contract_violates_nothing_but_what_is_known_of_the_library(
        AsFile(mut scenario) in random(),
        seed: u64,
    ) {
        scenario.check.known = findings().iter().map(|finding| finding.name.to_owned()).collect();
        let outcome = run(&scenario, seed, RunOptions::default());
        let mut tally = ScenarioTally::default();
        tally.add(&scenario, &outcome);
        let Outcome { violations, remarks, .. } = outcome;
        prop_assert_eq!(tally.judge(&scenario), Judged::AsExpected, "{:#?} {:?}", violations, remarks);
    }

    #[test]
    fn keeping_every_recorded_decision_takes_the_same_steps(AsFile(scenario) in random(), seed: u64) {
        let whole = recorded(&scenario, seed, Kept::All);
        let kept = recorded(&scenario, seed, all_of(&whole.decisions));
        prop_assert_eq!(whole.digest, kept.digest);
        prop_assert_eq!(whole.decisions, kept.decisions);
    }

    #[test]
    fn a_decision_made_boring_leaves_every_earlier_one_as_it_was(
        AsFile(scenario) in random(),
        seed: u64,
        choice: prop::sample::Index,
    ) {
        let whole = recorded(&scenario, seed, Kept::All).decisions;
        let removed = choice.index(whole.len());
        let mut rest = whole.clone();
        rest.remove(removed);
        let without = recorded(&scenario, seed, all_of(&rest)).decisions;
        prop_assert_eq!(&without[..removed], &whole[..removed]);
        let site = &whole[removed].site;
        prop_assert!(without.iter().all(|answered| answered.site != *site), "{} is boring", site);
    }
}
