//! A search waits as long as the library may take, and no longer.

use proptest::prelude::*;

use super::*;
use crate::replica::Action;
use crate::scenario::{Cluster, ModelOptions, Scenario, SelfTest};
use crate::systems::kv::Kv;
use crate::systems::omnipaxos::{OverOmniPaxos, PaxosAction, Quorum, TakeOutgoing, Tuning};
use crate::units::{OpenTable, Time};

type Tested = OverOmniPaxos<Kv>;

const TICK: u8 = 0;

/// A cluster in which nothing fails, and what happened before it is looked at.
#[derive(Clone, Debug)]
struct Start {
    replicas: u64,
    tuning: Tuning,
    planted: Option<&'static str>,
    /// How often the timer of each replica has fired.
    phases: Vec<u64>,
    /// The replica that attempted to lead.
    leads: Option<usize>,
}

impl Start {
    fn setting(&self) -> Setting<Tested> {
        let scenario = Scenario {
            cluster: Cluster {
                replicas: self.replicas,
                ..Cluster::default()
            },
            system: OpenTable::of(&self.tuning),
            selftest: SelfTest {
                planted: self.planted.map(str::to_owned),
            },
            ..Scenario::default()
        };
        let setting = Setting::new(&scenario, &ModelOptions::default());
        let (setting, _) = setting.unwrap_or_else(|error| panic!("{error}"));
        setting
    }

    fn settle(&self, setting: &Setting<Tested>) -> Result<(), Violation> {
        let replicas = 1..=self.replicas;
        let lives = replicas.map(|replica| {
            let mut life = Life::new(setting, replica);
            life.live(Happening::Start { lost: 0 }, Fate::Whole);
            life
        });
        let rest = Rest {
            locals: Vec::new(),
            agreed: Decided::default(),
            open: Vec::new(),
        };
        let mut settling = Settling::new(setting, lives.collect(), &rest);
        for (replica, ticks) in self.phases.iter().enumerate() {
            for _ in 0..*ticks {
                settling.fire(replica, TICK)?;
                settling.deliver()?;
            }
        }
        if let Some(replica) = self.leads {
            let attempt = PaxosAction::parse("try_become_leader", None);
            settling.take(replica, Event::Operator(attempt.expect("it is an action")))?;
            settling.deliver()?;
        }
        settling.settle()
    }
}

fn quorum(replicas: u64) -> impl Strategy<Value = Option<Quorum>> {
    let flexible = (2..=replicas, 2..=replicas).prop_map(move |(one, other)| {
        let (write, read) = (one.min(other), one.max(other));
        (read + write > replicas).then_some(Quorum { read, write })
    });
    prop_oneof![Just(None), flexible]
}

/// Timeouts that are much longer than others, and much shorter.
fn ticks() -> impl Strategy<Value = u64> {
    prop_oneof![1u64..=3, 1u64..=15, 10u64..=60]
}

prop_compose! {
    fn any_start()(replicas in 2u64..=5)(
        replicas in Just(replicas),
        quorum in quorum(replicas),
        (election_ticks, resend_ticks, flush_ticks) in (ticks(), ticks(), ticks()),
        batch_size in prop_oneof![Just(1u32), 2u32..=20],
        buffer_size in 1u32..=64,
        takes_later in any::<bool>(),
        phases in prop::collection::vec(0u64..=60, replicas as usize),
        leads in prop::option::of(0..replicas as usize),
        initial_leader in prop::option::of(1..=replicas),
    ) -> Start {
        let tuning = Tuning {
            quorum,
            election_ticks,
            resend_ticks,
            flush_ticks,
            batch_size,
            buffer_size,
            initial_leader,
            take_outgoing: if takes_later {
                TakeOutgoing::Every(Time::from_millis(1))
            } else {
                TakeOutgoing::EachEvent
            },
            ..Tuning::default()
        };
        Start { replicas, tuning, planted: None, phases, leads }
    }
}

proptest! {
    #[test]
    fn a_system_in_which_nothing_fails_settles_whatever_its_timers(start in any_start()) {
        let settled = start.settle(&start.setting());
        prop_assert!(settled.is_ok(), "{:?}", settled);
    }

    #[test]
    fn a_system_that_never_decides_its_last_entry_is_caught_whatever_its_timers(start in any_start()) {
        let tuning = Tuning {
            take_outgoing: TakeOutgoing::EachEvent,
            ..start.tuning
        };
        let start = Start { tuning, planted: Some("decide-not-sent"), ..start };
        let settled = start.settle(&start.setting());
        let violation = settled.expect_err("nobody hears what was decided last");
        prop_assert_eq!(violation.class, crate::check::Class::Liveness);
    }
}

/// A batch that is not full, at the leader that ticks last.
fn batched(flush_ticks: u64) -> Start {
    Start {
        replicas: 3,
        tuning: Tuning {
            batch_size: 8,
            flush_ticks,
            ..Tuning::default()
        },
        planted: None,
        phases: vec![0, 0, 0],
        leads: Some(2),
    }
}

#[test]
fn a_batch_may_take_two_flush_timers_and_not_a_tick_more() {
    for flush_ticks in [1, 2, 7, 11, 20] {
        let start = batched(flush_ticks);
        let mut setting = start.setting();
        assert_eq!(setting.patience.answer, 2 * flush_ticks);
        assert_eq!(
            start.settle(&setting),
            Ok(()),
            "flush_ticks = {flush_ticks}"
        );
        setting.patience.answer -= 1;
        let violation = start.settle(&setting).expect_err("a tick is missing");
        assert_eq!(violation.check, COMPLETION, "flush_ticks = {flush_ticks}");
    }
}
