//! Replicas with two logs each: every check sees each log for itself, in runs and in searches.

use crate::anything::{Anything, Asking};
use crate::common::whole::without_a_disk;
use omnisim::explore::{Explored, Limits};
use omnisim::observation::LogId;
use omnisim::prelude::*;
use omnisim::replica::Known;
use serde::{Deserialize, Serialize};

/// The table `[system]`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    /// Replica 3 writes something else into this log.
    deviates_in: Option<u32>,
}

/// Replica 1 says what comes next in a log.
#[derive(Clone, Debug, Serialize)]
struct Next {
    log: u32,
    entry: u64,
}

impl Message for Next {
    const KINDS: &'static [&'static str] = &["Next"];

    fn kind(&self) -> usize {
        0
    }
}

/// Decides what replica 1 says, in turns in one log and the other.
struct Follower {
    options: Own,
    decided: [u64; 2],
    asked: u64,
}

impl Follower {
    fn decide(&mut self, next: &Next, context: &Context<'_, Self>) {
        let deviates = context.me() == 3 && self.options.deviates_in == Some(next.log);
        let (log, digest) = (LogId(next.log), next.entry + u64::from(deviates));
        let decided = &mut self.decided[next.log as usize];
        *decided += 1;
        context.observe_log(log, || Observation::Appended { digest });
        context.observe_log(log, || Observation::Decided { to: *decided });
        context.observe_log(log, || Observation::Written);
    }
}

impl Replica for Follower {
    type Message = Next;
    type Command = ();
    type Output = ();
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = Own;

    fn start(options: &Own, _: NoDisk<()>, context: &mut Context<'_, Self>) -> Self {
        let leader = Some(1);
        for log in [0, 1] {
            context.observe_log(LogId(log), || Observation::Leads {
                // The first log is the past, in which another one led.
                leader: leader.filter(|_| log == 1).or(Some(2)),
                accepting: true,
            });
        }
        Self {
            options: *options,
            decided: [0; 2],
            asked: 0,
        }
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match event {
            Event::Request(request) => {
                let next = Next {
                    log: (self.asked % 2) as u32,
                    entry: 10 * (1 + self.asked),
                };
                self.asked += 1;
                if context.me() == 1 {
                    self.decide(&next, context);
                    for peer in context.peers() {
                        context.send(peer, next.clone());
                    }
                }
                context.reply(Reply {
                    id: request.id,
                    attempt: request.attempt,
                    position: None,
                    output: (),
                });
            }
            Event::Message { message, .. } => self.decide(&message, context),
            _ => {}
        }
    }

    fn fingerprint(&self, _: &Known<'_, Self>) -> Option<u64> {
        Some(self.asked + 100 * (self.decided[0] + 100 * self.decided[1]))
    }
}

struct TwoLogs;

impl System for TwoLogs {
    type Replica = Follower;
    type Workload = Asking<()>;
    type Model = Anything<(), ()>;
    type Fold = NoFold;

    const INFO: SystemInfo =
        SystemInfo::new("two-logs", without_a_disk(LinkContract::Session, false));

    fn setup(scenario: &Scenario) -> Result<Setup<Own>, KeyError> {
        let own = scenario.system.read::<Own>();
        Ok(Setup {
            options: own.map_err(|error| error.within("system"))?,
            profile: Profile::of_replicas(scenario.cluster.replicas),
        })
    }

    fn model() -> Anything<(), ()> {
        Anything::MODEL
    }
}

const TWO_LOGS: &dyn Runner = <Whole<TwoLogs> as Testable>::RUNNER;

fn scenario(deviates_in: Option<u32>) -> Scenario {
    let text = "cluster.system = \"two-logs\"\nworkload.phases = [{ duration = \"1s\" }]\n\
                [[fault]]\nat = \"500ms\"\nfor = \"10ms\"\nkind = \"pause\"\nreplica = \"leader\"\n\
                [model]\nsettles = false\n\
                clients = [{ at = 1, does = [\"write\", \"write\"] }]\n";
    let mut scenario = Scenario::parse("logs", text).unwrap_or_else(|error| panic!("{error}"));
    scenario.system = OpenTable::of(&Own { deviates_in });
    TWO_LOGS.validate(&scenario).expect("it suits the system");
    scenario
}

fn run(deviates_in: Option<u32>) -> Outcome {
    let options = RunOptions {
        trace: Some(omnisim::world::Shown::All),
        keep_observations: true,
        ..RunOptions::default()
    };
    let outcome = TWO_LOGS.run(&scenario(deviates_in), 3, options);
    outcome.expect("it suits the system")
}

fn explored(deviates_in: Option<u32>) -> Explored {
    let explored = TWO_LOGS.explore(&scenario(deviates_in), &Limits::default(), &mut |_| {});
    explored.expect("it suits the system")
}

#[test]
fn logs_that_agree_pass_each_by_itself() {
    let outcome = run(None);
    assert_eq!(outcome.verdict, Verdict::Pass, "{:?}", outcome.violations);
    assert!(outcome.decided > 2, "the longer of both");
    let kept = outcome.observations.unwrap_or_default();
    let of_second = kept.iter().filter(|line| line.contains("\"log\":1"));
    assert!(of_second.count() > 3, "observations name their log");
    let explored = explored(None);
    assert_eq!((explored.violation, explored.flaw), (None, None));
    assert!(explored.complete);
}

#[test]
fn a_log_that_differs_is_named_in_runs_and_in_searches() {
    for log in [0, 1] {
        let outcome = run(Some(log));
        let explored = explored(Some(log));
        let found = explored.violation.expect("replica 3 deviates");
        for violation in [&outcome.violations[0], &found] {
            assert_eq!(violation.check, "agreement");
            let names_it = violation.message.starts_with("in log 1, ");
            assert_eq!(names_it, log == 1, "{}", violation.message);
        }
    }
}

#[test]
fn the_leader_that_faults_strike_is_that_of_the_newest_log() {
    let outcome = run(None);
    let has = |who: &str, words: &str| {
        let mut lines = outcome.trace.iter();
        lines.any(|line| line.who == who && line.what.contains(words))
    };
    assert!(has("r1", "stops; what arrives waits"), "it leads log 1");
    assert!(!has("r2", "stops; what arrives waits"), "it leads log 0");
    assert!(has("r3", "log 1: "), "a trace names the log");
}
