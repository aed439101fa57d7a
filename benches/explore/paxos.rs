//! Single-decree Paxos (Lamport, "Paxos made simple", 2001) as an actor model: three
//! servers that agree on one value, and clients that write a value and then read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use stateright::Expectation;
use stateright::actor::register::{RegisterActor, RegisterMsg};
use stateright::actor::{Actor, ActorModel, Id, Network, Out, majority, model_peers};
use stateright::semantics::LinearizabilityTester;
use stateright::semantics::register::Register;

const SERVERS: usize = 3;

/// A round, and the server that leads it.
type Ballot = (u8, Id);
/// Who asked for it, by what number, and the value.
type Proposal = (Id, u64, char);
/// What a server accepted last.
type Vote = Option<(Ballot, Proposal)>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Told {
    Prepare(Ballot),
    Promise(Ballot, Vote),
    Accept(Ballot, Proposal),
    Accepted(Ballot),
    Decided(Ballot, Proposal),
}

type Msg = RegisterMsg<u64, char, Told>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    promised: Ballot,
    vote: Vote,
    decided: Option<Proposal>,
    /// Of a leader: what it was asked for, who promised what, and who accepted.
    wish: Option<Proposal>,
    promises: BTreeMap<Id, Vote>,
    accepts: BTreeSet<Id>,
}

#[derive(Clone, Debug)]
pub(crate) struct Paxos {
    peers: Vec<Id>,
}

impl Paxos {
    fn tell(&self, told: &Told, out: &mut Out<Self>) {
        out.broadcast(&self.peers, &RegisterMsg::Internal(told.clone()));
    }

    fn lead(&self, me: Id, server: &mut Server, wish: Proposal, out: &mut Out<Self>) {
        server.promised = (server.promised.0 + 1, me);
        server.wish = Some(wish);
        server.promises = BTreeMap::from([(me, server.vote)]);
        server.accepts.clear();
        self.tell(&Told::Prepare(server.promised), out);
    }

    fn promised(&self, me: Id, server: &mut Server, (from, vote): (Id, Vote), out: &mut Out<Self>) {
        let is_new = server.promises.insert(from, vote).is_none();
        if !is_new || server.promises.len() != majority(SERVERS) {
            return;
        }
        // The youngest vote among those that promised binds the leader.
        let bound = server.promises.values().flatten().max();
        let Some(proposal) = bound.map(|(_, proposal)| *proposal).or(server.wish) else {
            return;
        };
        server.wish = Some(proposal);
        server.vote = Some((server.promised, proposal));
        server.accepts = BTreeSet::from([me]);
        self.tell(&Told::Accept(server.promised, proposal), out);
    }

    fn accepted(&self, server: &mut Server, from: Id, out: &mut Out<Self>) {
        let is_new = server.accepts.insert(from);
        if !is_new || server.accepts.len() != majority(SERVERS) {
            return;
        }
        let Some(proposal) = server.wish else { return };
        server.decided = Some(proposal);
        self.tell(&Told::Decided(server.promised, proposal), out);
        let (client, request, _) = proposal;
        out.send(client, RegisterMsg::PutOk(request));
    }

    fn hear(&self, me: Id, server: &mut Server, from: Id, told: Told, out: &mut Out<Self>) {
        let is_mine = |ballot: Ballot, server: &Server| ballot == server.promised && ballot.1 == me;
        match told {
            Told::Prepare(ballot) if ballot > server.promised => {
                server.promised = ballot;
                out.send(
                    from,
                    RegisterMsg::Internal(Told::Promise(ballot, server.vote)),
                );
            }
            Told::Promise(ballot, vote) if is_mine(ballot, server) => {
                self.promised(me, server, (from, vote), out);
            }
            Told::Accept(ballot, proposal) if ballot >= server.promised => {
                server.promised = ballot;
                server.vote = Some((ballot, proposal));
                out.send(from, RegisterMsg::Internal(Told::Accepted(ballot)));
            }
            Told::Accepted(ballot) if is_mine(ballot, server) => {
                self.accepted(server, from, out);
            }
            Told::Decided(ballot, proposal) => {
                server.promised = server.promised.max(ballot);
                server.vote = Some((ballot, proposal));
                server.decided = Some(proposal);
            }
            _ => {}
        }
    }
}

impl Actor for Paxos {
    type Msg = Msg;
    type State = Server;
    type Timer = ();
    type Random = ();
    type Storage = ();

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> Server {
        Server {
            promised: (0, Id::from(0)),
            vote: None,
            decided: None,
            wish: None,
            promises: BTreeMap::new(),
            accepts: BTreeSet::new(),
        }
    }

    fn on_msg(
        &self,
        me: Id,
        server: &mut Cow<'_, Server>,
        from: Id,
        message: Msg,
        out: &mut Out<Self>,
    ) {
        match message {
            RegisterMsg::Put(request, value) => {
                if server.wish.is_none() && server.decided.is_none() {
                    self.lead(me, server.to_mut(), (from, request, value), out);
                }
            }
            RegisterMsg::Get(request) => {
                if let Some((_, _, value)) = server.decided {
                    out.send(from, RegisterMsg::GetOk(request, value));
                }
            }
            RegisterMsg::Internal(told) => {
                let mut next = server.as_ref().clone();
                self.hear(me, &mut next, from, told, out);
                if next != **server {
                    *server = Cow::Owned(next);
                }
            }
            RegisterMsg::PutOk(_) | RegisterMsg::GetOk(..) => {}
        }
    }
}

type History = LinearizabilityTester<Id, Register<char>>;

/// Three servers and so many clients, each of which writes once and then reads.
pub(crate) fn model(clients: usize) -> ActorModel<RegisterActor<Paxos>, (), History> {
    let unwritten = '?';
    ActorModel::new((), LinearizabilityTester::new(Register(unwritten)))
        .actors((0..SERVERS).map(|server| {
            RegisterActor::Server(Paxos {
                peers: model_peers(server, SERVERS),
            })
        }))
        .actors((0..clients).map(|_| RegisterActor::Client {
            put_count: 1,
            server_count: SERVERS,
        }))
        .init_network(Network::new_unordered_nonduplicating([]))
        .record_msg_in(RegisterMsg::record_returns)
        .record_msg_out(RegisterMsg::record_invocations)
        .property(Expectation::Always, "linearizable", |_, state| {
            state.history.serialized_history().is_some()
        })
}
