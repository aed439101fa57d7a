//! The server in the simulator: what the loop around it does in production, done by events.

use std::collections::BTreeSet;

use knossos::models::kv::{Input, Op, Output};
use omnipaxos::messages::Message as LibraryMessage;
use omnipaxos::storage::NoSnapshot;
use omnisim::observation::{Chain, content_digest};
use omnisim::prelude::*;
use omnisim::systems::omnipaxos::{Folded, LibraryPacket, Logged, PaxosDisk};

use crate::server::{Applied, Change, Server, Store, TICK_MS};
use crate::system::{Bug, Options};

const TICK: TimerId = TimerId(0);

/// A server and what the simulator has to know of it.
pub struct SimulatedServer {
    server: Server<PaxosDisk<Change, ()>>,
    /// The attempts of clients that wait for an answer here.
    waiting: BTreeSet<(RequestId, u32)>,
    /// All that was applied so far, as a digest that all replicas must share.
    chain: Chain,
    leader: Option<(ReplicaId, bool)>,
    outgoing: Vec<LibraryMessage<Change>>,
    reads_locally: bool,
}

impl Replica for SimulatedServer {
    type Message = LibraryPacket<Change>;
    type Command = Input;
    type Output = Output;
    type Disk = PaxosDisk<Change, ()>;
    type Entry = Change;
    type Action = NoAction;
    type Options = Options;

    fn start(options: &Options, disk: Self::Disk, context: &mut Context<'_, Self>) -> Self {
        let nodes = (1..=context.replicas()).collect();
        let server = Server::open(context.me(), nodes, disk);
        let mut replica = Self {
            server: match options.planted {
                Some(Bug::NoSessions) => server.without_sessions(),
                _ => server,
            },
            waiting: BTreeSet::new(),
            chain: Chain::default(),
            leader: None,
            outgoing: Vec::new(),
            reads_locally: options.planted == Some(Bug::LocalReads),
        };
        context.set_timer(TICK, Duration::from_millis(TICK_MS));
        replica.after_event(context);
        replica
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match event {
            Event::Message { message, .. } => self.server.receive(message.0),
            Event::Request(request) => self.ask(request, context),
            Event::Timer { .. } => {
                self.server.tick();
                context.set_timer(TICK, Duration::from_millis(TICK_MS));
            }
            Event::SessionUp(peer) => self.server.reconnected(peer),
            Event::SessionLost(_) => {}
            Event::Operator(action) => match action {},
            Event::Stop => self.observe_state(context),
        }
        self.after_event(context);
    }
}

impl SimulatedServer {
    fn ask(&mut self, request: Request<Input>, context: &mut Context<'_, Self>) {
        if self.reads_locally && matches!(request.command.op, Op::Get) {
            context.deviates_if(true);
            let output = self.server.store().read(&request.command.key);
            let position = Position::After(self.chain.index);
            reply(request.id, request.attempt, position, output, context);
            return;
        }
        self.waiting.insert((request.id, request.attempt));
        self.server.ask(Change {
            client: request.id.client,
            sequence: request.id.sequence,
            low_water: request.low_water,
            command: request.command,
        });
    }

    /// What the loop does whenever something happened: apply, answer, send.
    fn after_event(&mut self, context: &mut Context<'_, Self>) {
        self.observe_leader(context);
        for applied in self.server.apply_decided() {
            context.deviates_if(applied.took_effect && applied.is_repeated);
            self.observe_applied(&applied, context);
            self.answer(applied, context);
        }
        self.server.outgoing(&mut self.outgoing);
        for message in self.outgoing.drain(..) {
            let (to, packet) = (message.get_receiver(), LibraryPacket(message));
            if let Some(said) = packet.said() {
                context.observe(|| said);
            }
            context.send(to, packet);
        }
    }

    fn answer(&mut self, applied: Applied, context: &mut Context<'_, Self>) {
        let id = applied.change.request();
        let Some(answer) = applied.answer else { return };
        let attempts = (id, 0)..=(id, u32::MAX);
        let waiting: Vec<_> = self.waiting.range(attempts).copied().collect();
        for asked in waiting {
            self.waiting.remove(&asked);
            let position = Position::At(answer.index);
            reply(id, asked.1, position, answer.output.clone(), context);
        }
    }

    /// What every check of logs looks at.
    fn observe_applied(&mut self, applied: &Applied, context: &mut Context<'_, Self>) {
        self.chain = self.chain.with(applied.change.digest());
        let answer = applied.answer.as_ref();
        context.observe(|| Observation::Applied {
            index: applied.index,
            entry: applied.change.clone(),
            chain: self.chain.digest,
            reply: answer.map_or(0, |answer| content_digest(&answer.output)),
            executed: applied.took_effect,
        });
    }

    /// Tells the simulator who leads, so that faults can strike the leader.
    fn observe_leader(&mut self, context: &Context<'_, Self>) {
        let leader = self.server.leader();
        if leader != self.leader {
            self.leader = leader;
            context.observe(|| Observation::Leads {
                leader: leader.map(|(leader, _)| leader),
                accepting: leader.is_some_and(|(_, accepting)| accepting),
            });
        }
    }

    fn observe_state(&self, context: &Context<'_, Self>) {
        context.observe(|| Observation::State {
            index: self.chain.index,
            chain: self.chain.digest,
            state: content_digest(self.server.store()),
        });
    }
}

/// Answers a client, and tells the checks.
fn reply(
    id: RequestId,
    attempt: u32,
    position: Position,
    output: Output,
    context: &mut Context<'_, SimulatedServer>,
) {
    let position = Some(position);
    context.observe(|| Observation::Replied {
        request: id,
        attempt,
        position,
        reply: content_digest(&output),
    });
    context.reply(Reply {
        id,
        attempt,
        position,
        output,
    });
}

/// A command that is in the log, as the checks see it.
impl Replicated for Change {
    fn request(&self) -> RequestId {
        RequestId {
            client: self.client,
            sequence: self.sequence,
        }
    }

    fn command_digest(&self) -> u64 {
        content_digest(&self.command)
    }
}

/// What the simulated disk tells the checks of an entry.
impl Logged for Change {
    fn digest(&self) -> u64 {
        content_digest(self)
    }

    fn folded(_: &NoSnapshot) -> Folded {
        unreachable!("these entries have no snapshots")
    }
}

/// The store, beside all servers: what their answers and states are compared with.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    store: Store,
    index: u64,
}

impl Fold<Change> for Reference {
    fn apply(&mut self, change: &Change) -> u64 {
        self.index += 1;
        let applied = self.store.apply(self.index, change);
        let answer = applied.answer.as_ref();
        answer.map_or(0, |answer| content_digest(&answer.output))
    }

    fn state_digest(&self) -> u64 {
        content_digest(&self.store)
    }
}
