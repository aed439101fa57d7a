//! A system whose code does what no code should: told by name in the environment, it happens in
//! scenarios with one key and in no other.

use knossos::{Model, StopFlag};
use omnisim::check::NoFold;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::network::LinkContract;
use omnisim::observation::ClientId;
use omnisim::replica::{Context, Event, Message, NoAction, Replica, Reply, Request};
use omnisim::scenario::Scenario;
use omnisim::storage::NoDisk;
use omnisim::system::{PlantedBug, Profile, Setup, System, SystemInfo};
use omnisim::units::KeyError;
use serde::Serialize;

use crate::common::whole::without_a_disk;

/// The variable of the environment that says what happens.
pub(crate) const MISDEED: &str = "MISDEED";

/// The misdeed of answers whose every order leads to another state, and none to the third.
const NO_ORDER: &str = "answers that no order explains";

/// The misdeed of an answer that is wrong.
const WRONG: &str = "wrong answer";

/// What else happens in a run with fewer clients than usual, which only shrinking makes.
fn few() -> Option<fn()> {
    let hangs = misdeed("wrong answer, but few hang").then_some((|| hang()) as fn());
    let ends = misdeed("wrong answer, but few end the process");
    hangs.or_else(|| ends.then_some(|| std::process::exit(0)))
}

/// Does what the environment says, if it says this.
fn misdeed(name: &str) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "that code under test must not do this is the point"
    )]
    let wanted = std::env::var(MISDEED);
    wanted.is_ok_and(|wanted| wanted == name)
}

/// Never returns.
fn hang() -> ! {
    let never = StopFlag::default();
    while !never.is_set() {
        std::hint::spin_loop();
    }
    unreachable!("nobody sets it")
}

/// Uses up the stack.
fn dig(depth: u64) -> u64 {
    if depth == u64::MAX {
        return 0;
    }
    let here = [depth; 1 << 10];
    let below = dig(std::hint::black_box(depth + 1));
    below + here[(below % 7) as usize]
}

/// What a client asks: nothing but to be answered.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct Ping {
    is_bad: bool,
    client: ClientId,
}

impl std::fmt::Debug for Ping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        assert!(!(self.is_bad && misdeed("panic in Debug")), "no words");
        f.write_str("ping")
    }
}

/// What replicas say to each other.
#[derive(Clone, Debug, Serialize)]
pub(crate) enum Gossip {
    /// Heard once, said twice.
    Rumour,
}

impl Message for Gossip {
    const KINDS: &'static [&'static str] = &["Rumour"];

    fn kind(&self) -> usize {
        0
    }
}

pub(crate) struct Answerer;

impl Replica for Answerer {
    type Message = Gossip;
    type Command = Ping;
    type Output = u64;
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = ();

    fn start((): &(), _: NoDisk<()>, _: &mut Context<'_, Self>) -> Self {
        Self
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match event {
            Event::Request(request) => {
                if request.command.is_bad {
                    misbehave(&request, context);
                }
                context.reply(Reply {
                    id: request.id,
                    attempt: request.attempt,
                    position: None,
                    output: request.id.sequence,
                });
            }
            Event::Message { .. } => {
                for peer in context.peers() {
                    context.send(peer, Gossip::Rumour);
                }
            }
            _ => {}
        }
    }
}

fn misbehave(request: &Request<Ping>, context: &mut Context<'_, Answerer>) {
    if request.id.sequence < 3 {
        return;
    }
    if misdeed("hang in a handler") {
        hang();
    }
    if misdeed("exit") {
        std::process::exit(0);
    }
    if misdeed("overflow the stack") {
        assert_ne!(dig(0), 1);
    }
    if misdeed("use up memory") {
        let mut held = Vec::new();
        while held.len() < 1 << 12 {
            held.push(vec![7_u8; 1 << 20]);
        }
        assert_eq!(std::hint::black_box(held).len(), 1 << 12);
    }
    if misdeed("rumours") {
        let peer = context.peers().next().expect("there are others");
        context.send(peer, Gossip::Rumour);
    }
}

pub(crate) struct Pings {
    client: ClientId,
    is_bad: bool,
    asked: u64,
}

impl Workload for Pings {
    type Command = Ping;
    type Output = u64;

    fn new(client: ClientId, options: &WorkloadOptions) -> Self {
        if options.clients < WorkloadOptions::default().clients
            && let Some(misbehave) = few()
        {
            misbehave();
        }
        Self {
            client,
            is_bad: options.keys.count == 1,
            asked: 0,
        }
    }

    fn next(&mut self, _: bool, _: &mut Chooser<'_>) -> Ping {
        self.asked += 1;
        assert!(!misdeed("panic everywhere"), "nothing to ask");
        if misdeed("panic of omnisim everywhere") {
            omnisim::testing::panic_in_omnisim();
        }
        if self.is_bad && self.asked > 3 {
            assert!(!misdeed("panic in a workload"), "nothing more to ask");
            if misdeed("panic of omnisim") {
                omnisim::testing::panic_in_omnisim();
            }
        }
        Ping {
            is_bad: self.is_bad,
            client: self.client,
        }
    }

    fn probe(&mut self, _: u64) -> Ping {
        Ping {
            is_bad: self.is_bad,
            client: self.client,
        }
    }
}

/// Whatever is answered is right, unless something is wrong with the model.
pub(crate) struct Anything;

impl Model for Anything {
    type Input = Ping;
    type Output = u64;
    type State = u64;

    fn initial(&self) -> u64 {
        0
    }

    fn step(&self, state: &u64, input: &Ping, output: Option<&u64>) -> Option<u64> {
        if input.is_bad {
            assert!(!misdeed("panic in a model"), "no such state");
            if misdeed("hang in a model") {
                hang();
            }
            let is_wrong = misdeed("panic in describe") || misdeed(WRONG) || few().is_some();
            if is_wrong && output.is_some() {
                return None;
            }
            if misdeed(NO_ORDER) {
                let next = state.wrapping_mul(31).wrapping_add(input.client + 1);
                return (output != Some(&3)).then_some(next.rotate_left(7));
            }
        }
        Some(*state)
    }

    fn describe(&self, input: &Ping, _: Option<&u64>) -> String {
        assert!(!(input.is_bad && misdeed("panic in describe")), "no words");
        "ping".to_owned()
    }
}

pub(crate) struct Misbehaving;

/// Something to plant; what goes wrong is what the test asks for.
const PLANTED: PlantedBug = PlantedBug {
    name: "misdeed",
    what: "whatever a test asks for",
    origin: None,
    checks: &["panic"],
    needs: &[],
    mistaken_for: None,
};

impl System for Misbehaving {
    type Replica = Answerer;
    type Workload = Pings;
    type Model = Anything;
    type Fold = NoFold;

    const INFO: SystemInfo = SystemInfo {
        planted: &[&[PLANTED]],
        ..SystemInfo::new("misbehaving", without_a_disk(LinkContract::Datagram, true))
    };

    fn setup(scenario: &Scenario) -> Result<Setup<()>, KeyError> {
        Ok(Setup {
            options: (),
            profile: Profile::of_replicas(scenario.cluster.replicas),
        })
    }

    fn model() -> Anything {
        Anything
    }
}
