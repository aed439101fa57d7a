//! A replica that hides something from exhaustive search, or does now this and now that,
//! is found out: the result is unknown, never a pass.

use crate::anything::{Anything, Asking};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::common::whole::without_a_disk;
use omnisim::check::NoFold;
use omnisim::explore::{Explored, Limits, Played};
use omnisim::network::LinkContract;
use omnisim::replica::{Context, Event, Known, Message, NoAction, Replica, Reply};
use omnisim::scenario::Scenario;
use omnisim::search::{Testable, Whole};
use omnisim::storage::NoDisk;
use omnisim::system::{Profile, Setup, System, SystemInfo};
use omnisim::units::{KeyError, OpenTable};
use serde::{Deserialize, Serialize};

/// Nobody says anything to each other.
#[derive(Clone, Debug, Serialize)]
enum Silence {}

impl Message for Silence {
    const KINDS: &'static [&'static str] = &[];

    fn kind(&self) -> usize {
        match *self {}
    }
}

/// What its replicas are like: the table `[system]` says it, so that the simulator is compiled over
/// one system and not over three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Character {
    /// It tells all.
    #[default]
    Honest,
    /// It says that it can be recognised without what it counts.
    Liar,
    /// It counts requests to other replicas as well, over all lives of this one.
    Moody,
}

/// The table `[system]`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    character: Character,
}

static ASKED: AtomicU64 = AtomicU64::new(0);

/// Counts what it was asked, and tells nobody but the client.
struct Counter {
    character: Character,
    count: u64,
}

impl Replica for Counter {
    type Message = Silence;
    type Command = ();
    type Output = u64;
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = Character;

    fn start(character: &Character, _: NoDisk<()>, _: &mut Context<'_, Self>) -> Self {
        Self {
            character: *character,
            count: 0,
        }
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        let Event::Request(request) = event else {
            return;
        };
        self.count += match self.character {
            Character::Moody => ASKED.fetch_add(1, Ordering::Relaxed),
            _ => 1,
        };
        context.reply(Reply {
            id: request.id,
            attempt: request.attempt,
            position: None,
            output: self.count,
        });
    }

    fn fingerprint(&self, _: &Known<'_, Self>) -> Option<u64> {
        let hides = self.character == Character::Liar;
        Some(if hides { 0 } else { self.count })
    }
}

struct Counters;

impl System for Counters {
    type Replica = Counter;
    type Workload = Asking<u64>;
    type Model = Anything<(), u64>;
    type Fold = NoFold;

    const INFO: SystemInfo =
        SystemInfo::new("counters", without_a_disk(LinkContract::Session, false));

    fn setup(scenario: &Scenario) -> Result<Setup<Character>, KeyError> {
        let own = scenario.system.read::<Own>();
        let own = own.map_err(|error| error.within("system"))?;
        Ok(Setup {
            options: own.character,
            profile: Profile::of_replicas(scenario.cluster.replicas),
        })
    }

    fn model() -> Anything<(), u64> {
        Anything::MODEL
    }
}

fn scenario(character: Character) -> Scenario {
    let text = "[cluster]\nsystem = \"counters\"\nreplicas = 2\n\
                [model]\nclients = [{ at = 1, does = [\"write\", \"write\"] }]\n";
    let mut scenario = Scenario::parse("counted", text).expect("it is well formed");
    scenario.system = OpenTable::of(&Own { character });
    scenario
}

fn explored(character: Character) -> Explored {
    let limits = Limits {
        threads: 1,
        ..Limits::default()
    };
    let runner = <Whole<Counters> as Testable>::RUNNER;
    let explored = runner.explore(&scenario(character), &limits, &mut |_| {});
    explored.expect("the scenario suits the system")
}

fn played(character: Character) -> Played {
    let runner = <Whole<Counters> as Testable>::RUNNER;
    let player = runner
        .player(&scenario(character), &Limits::default())
        .expect("it suits the system");
    let lines = ["ask c1#1", "ask c1#2"].map(str::to_owned);
    player.play(&lines).expect("these are actions")
}

#[test]
fn a_replica_that_tells_all_passes() {
    let explored = explored(Character::Honest);
    assert_eq!((explored.flaw, explored.complete), (None, true));
    assert_eq!(
        explored.progress.unique_states, 3,
        "nothing, one or two commands"
    );
    let played = played(Character::Honest);
    assert_eq!((played.flaw, played.schedule.len()), (None, 2));
}

#[test]
fn a_replica_that_hides_what_it_counts_is_found_out() {
    let explored = explored(Character::Liar);
    assert!(explored.flaw.is_some(), "two answers to one command");
    assert!(!explored.complete);
}

#[test]
fn a_replica_that_is_not_deterministic_is_found_out_in_a_search_and_in_one_schedule() {
    let explored = explored(Character::Moody);
    assert!(explored.flaw.is_some() && !explored.complete);
    let played = played(Character::Moody);
    assert!(played.flaw.is_some(), "another answer each time");
    assert_eq!(played.violation, None);
}
