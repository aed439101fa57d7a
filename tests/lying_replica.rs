//! A replica that hides something from exhaustive search is found out: states that were
//! taken for the same and are not make the result unknown, never a pass.

use omnisim::check::NoFold;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::explore::{Explored, Limits};
use omnisim::network::LinkContract;
use omnisim::observation::ClientId;
use omnisim::replica::omnipaxos::ClusterOptions;
use omnisim::replica::{Action, Context, Event, Known, Message, Replica, Reply};
use omnisim::scenario::Scenario;
use omnisim::search::{Testable, Whole, WholeSystem};
use omnisim::storage::{Durability, NoDisk};
use omnisim::systems::{Contract, System};
use serde::Serialize;

/// Nobody says anything to each other.
#[derive(Clone, Debug, Serialize)]
enum Silence {}

impl Message for Silence {
    const KINDS: &'static [&'static str] = &[];

    fn kind(&self) -> usize {
        match *self {}
    }
}

#[derive(Clone, Debug, Serialize)]
enum NoAction {}

impl Action for NoAction {
    fn parse(name: &str, _: Option<u64>) -> Result<Self, String> {
        Err(format!("{name:?} is no action"))
    }
}

/// Counts what it was asked, and tells nobody but the client; `LIES` if it says that it
/// can be recognised without that.
struct Counter<const LIES: bool>(u64);

impl<const LIES: bool> Replica for Counter<LIES> {
    type Message = Silence;
    type Command = ();
    type Output = u64;
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = ();

    fn start((): &(), _: NoDisk<()>, _: &mut Context<'_, Self>) -> Self {
        Self(0)
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        let Event::Request(request) = event else {
            return;
        };
        self.0 += 1;
        context.reply(Reply {
            id: request.id,
            attempt: request.attempt,
            position: None,
            output: self.0,
        });
    }

    fn fingerprint(&self, _: &Known<'_, Self>) -> Option<u64> {
        Some(if LIES { 0 } else { self.0 })
    }
}

struct Anything;

impl knossos::Model for Anything {
    type Input = ();
    type Output = u64;
    type State = ();

    fn initial(&self) {}

    fn step(&self, (): &(), (): &(), _: Option<&u64>) -> Option<()> {
        Some(())
    }

    fn describe(&self, (): &(), output: Option<&u64>) -> String {
        format!("count = {output:?}")
    }
}

struct Asking;

impl Workload for Asking {
    type Command = ();
    type Output = u64;

    fn new(_: ClientId, _: &WorkloadOptions) -> Self {
        Self
    }

    fn next(&mut self, _: bool, _: &mut Chooser<'_>) {}

    fn probe(&mut self, _: u64) {}
}

struct Counters<const LIES: bool>;

impl<const LIES: bool> System for Counters<LIES> {
    type Replica = Counter<LIES>;
    type Workload = Asking;
    type Model = Anything;
    type Fold = NoFold;

    fn options(_: &ClusterOptions) -> Result<(), (String, String)> {
        Ok(())
    }

    fn model() -> Anything {
        Anything
    }

    fn written_for() -> Contract {
        Contract {
            links: LinkContract::Session,
            disks: Durability::Amnesia,
            clocks_bounded: false,
        }
    }
}

impl<const LIES: bool> WholeSystem for Counters<LIES> {
    const NAME: &'static str = "counters";
}

fn explored<const LIES: bool>() -> Explored {
    let text = "[cluster]\nsystem = \"counters\"\nreplicas = 2\n\
                [model]\nclients = [{ at = 1, does = [\"write\", \"write\"] }]\n";
    let scenario = Scenario::parse("counted", text).expect("it is well formed");
    let limits = Limits {
        threads: 1,
        ..Limits::default()
    };
    let runner = <Whole<Counters<LIES>> as Testable>::RUNNER;
    let explored = runner.explore(&scenario, &limits, &mut |_| {});
    explored.expect("the scenario suits the system")
}

#[test]
fn a_replica_that_tells_all_passes() {
    let explored = explored::<false>();
    assert_eq!((explored.flaw, explored.complete), (None, true));
    assert_eq!(
        explored.progress.unique_states, 3,
        "nothing, one or two commands"
    );
}

#[test]
fn a_replica_that_hides_what_it_counts_is_found_out() {
    let explored = explored::<true>();
    assert!(explored.flaw.is_some(), "two answers to one command");
    assert!(!explored.complete);
}
