//! Random scenarios within what the store is written for: durable disks, session
//! links, reads from the log. No run may violate anything, whatever goes wrong.

mod common;

use common::run;
use omnisim::client::{KeyChoice, LoopMode, Mix, Phase, Retry, WorkloadOptions};
use omnisim::decision::{Answered, Distribution, Kept, Plan, Shape, Tail};
use omnisim::nemesis::{ActionRate, FaultRate, NemesisOptions, SettleMode};
use omnisim::network::NetworkOptions;
use omnisim::replica::omnipaxos::{ClusterOptions, MissedTicks, Quorum, StartSignal, TakeOutgoing};
use omnisim::scenario::{ClockQuality, Scenario};
use omnisim::units::{Probability, Time, TimeRange};
use omnisim::world::{Outcome, RunOptions, Verdict};
use proptest::prelude::*;

fn millis(range: std::ops::Range<u64>) -> impl Strategy<Value = Time> {
    range.prop_map(Time::from_millis)
}

fn micros(range: std::ops::Range<u64>) -> impl Strategy<Value = Time> {
    range.prop_map(Time::from_micros)
}

/// Quorums of which any two of different kinds meet, as the library demands.
fn quorum(replicas: u64) -> impl Strategy<Value = Option<Quorum>> {
    let flexible = (2..=replicas, 2..=replicas).prop_map(move |(read, write)| {
        let (write, read) = (read.min(write), read.max(write));
        (read + write > replicas).then_some(Quorum { read, write })
    });
    prop_oneof![Just(None), flexible]
}

prop_compose! {
    fn cluster()(replicas in 2u64..=7)(
        replicas in Just(replicas),
        quorum in quorum(replicas),
        (tick, election_ticks, resend_ticks, flush_ticks) in (millis(5..20), 5u64..15, 10u64..40, 1u64..5),
        batch_size in prop_oneof![Just(1u32), 2u32..20],
        buffer_size in 1u32..100,
        priorities in prop::option::of(prop::collection::vec(0u32..4, replicas as usize)),
        initial_leader in prop::option::of(1..=replicas),
        burst in any::<bool>(),
        dedup in prop::bool::weighted(0.8),
        take_outgoing in prop_oneof![
            Just(TakeOutgoing::EachEvent),
            Just(TakeOutgoing::Batch),
            millis(1..10).prop_map(TakeOutgoing::Every),
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
            priorities: priorities.unwrap_or_default(),
            initial_leader,
            start_signal: StartSignal::None,
            missed_ticks: if burst { MissedTicks::Burst } else { MissedTicks::Collapse },
            dedup,
            take_outgoing,
            ..ClusterOptions::default()
        }
    }
}

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
    let tail = (1u32..5_000, millis(10..60)).prop_map(|(ppm, up_to)| Tail {
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
    (millis(1_000..2_000), 5u32..50, 0u32..=1_000_000).prop_map(
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
        timeout in millis(100..1_000),
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
    let rate = (millis(200..2_000), 1u64..500, 0u64..1_500, millis(0..300));
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
    let rate = (action, millis(200..2_000)).prop_map(|((action, value_up_to), every)| ActionRate {
        action: action.to_owned(),
        every,
        value_up_to,
    });
    prop::collection::vec(rate, 0..3)
}

prop_compose! {
    fn nemesis()(
        (partition, isolate, one_way, cut, clog) in (rate(), rate(), rate(), rate(), rate()),
        (session_breaks, crash, crash_at_write, pause, slow) in (rate(), rate(), rate(), rate(), rate()),
        (slow_disk, disk_error, clock_step, clock_lie) in (rate(), rate(), rate(), rate()),
        actions in actions(),
    ) -> NemesisOptions {
        NemesisOptions {
            start_after: Time::default(),
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
            slow_disk,
            disk_error,
            clock_step,
            clock_lie,
            actions,
        }
    }
}

prop_compose! {
    fn scenario()(
        cluster in cluster(),
        network in network(),
        mut workload in workload(),
        nemesis in nemesis(),
        write_latency in micros(0..50),
        quality in prop_oneof![Just(ClockQuality::High), Just(ClockQuality::Medium), Just(ClockQuality::Low)],
        core in any::<bool>(),
    ) -> Scenario {
        if !cluster.dedup {
            // Without it a retry takes effect twice: a known flaw.
            workload.retry = Retry::None;
        }
        let mut scenario = Scenario {
            name: "random".to_owned(),
            about: "a random scenario within the contract".to_owned(),
            cluster,
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

/// The scenario as a file, read again as one.
fn as_file(scenario: &Scenario) -> (String, Scenario) {
    let text = toml::to_string(scenario).expect("a scenario can be written");
    let read =
        Scenario::parse(&scenario.name, &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    (text, read)
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_sound_system_in_its_contract_violates_nothing(random in scenario(), seed: u64) {
        let (text, scenario) = as_file(&random);
        prop_assert_eq!(&scenario, &random, "a scenario survives its file");
        let outcome = run(&scenario, seed, RunOptions::default());
        prop_assert_eq!(
            outcome.verdict,
            Verdict::Pass,
            "seed {:#x}: {:#?} {:?}\n{}",
            seed,
            outcome.violations,
            outcome.remarks,
            text
        );
    }

    #[test]
    fn keeping_every_recorded_decision_takes_the_same_steps(random in scenario(), seed: u64) {
        let whole = recorded(&random, seed, Kept::All);
        let kept = recorded(&random, seed, all_of(&whole.decisions));
        prop_assert_eq!(whole.digest, kept.digest, "seed {:#x}\n{}", seed, as_file(&random).0);
        prop_assert_eq!(whole.decisions, kept.decisions);
    }

    #[test]
    fn a_decision_made_boring_leaves_every_earlier_one_as_it_was(
        random in scenario(),
        seed: u64,
        choice: prop::sample::Index,
    ) {
        let whole = recorded(&random, seed, Kept::All).decisions;
        let removed = choice.index(whole.len());
        let mut rest = whole.clone();
        rest.remove(removed);
        let without = recorded(&random, seed, all_of(&rest)).decisions;
        prop_assert_eq!(&without[..removed], &whole[..removed], "seed {:#x}\n{}", seed, as_file(&random).0);
        let site = &whole[removed].site;
        prop_assert!(without.iter().all(|answered| answered.site != *site), "{} is boring", site);
    }
}
