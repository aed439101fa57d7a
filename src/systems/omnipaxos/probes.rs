//! Inputs that bring to light what hides in a replica of an OmniPaxos service:
//!
//! | hidden | shown by |
//! |---|---|
//! | role and phase, a cached promise, who has not promised, the clocks | ticks, until every timeout has passed, with elections and without; what only one phase answers to |
//! | which followers are in sync, and the number of their next message | a batch of commands, and a request to prepare from each peer |
//! | the number of every peer's next synchronisation | a late promise of each peer |
//! | the best promise that a leader had, its own included | a promise of each ballot there can have been |
//! | what is buffered until somebody leads | an attempt to lead, and the promises to it |
//! | the number of the last message that a follower took in order | proposals with each number that could come next |
//! | the elections' view of the leader | a heartbeat request |

use std::collections::BTreeSet;

use omnipaxos::ballot_leader_election::Ballot;
use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::{
    BLEMessage, HeartbeatMsg, HeartbeatReply, HeartbeatRequest,
};
use omnipaxos::messages::sequence_paxos::{
    AcceptDecide, AcceptSync, PaxosMessage, PaxosMsg, Prepare, PrepareReq, Promise,
};
use omnipaxos::util::{LogSync, SequenceNumber};
use simulated_clock::Duration;

use super::PaxosAction;
use super::carried::Carried;
use super::entry::{Command, Entry};
use super::identity::heard;
use super::message::{PaxosPacket, library_kind};
use super::replica::{OmniPaxosReplica, TAKE, TICK};
use super::state_machine::StateMachine;
use super::tuning::TakeOutgoing;
use crate::observation::{ReplicaId, RequestId};
use crate::replica::{Event, Known, Probe, Replica, Request, TimerId};

/// An election clock that is longer is never run down by a search.
const ELECTION_TICKS_MAX: u64 = 64;
/// More entries than a search ever decides.
const BEYOND_ANY_LOG: usize = 1 << 20;
/// The client of probes; no other has this number.
const NOBODY: u64 = u64::MAX;

type Events<S> = Vec<Event<OmniPaxosReplica<S>>>;

impl<S: StateMachine> OmniPaxosReplica<S> {
    pub(super) fn probes_for_what_hides(&self, known: &Known<'_, Self>) -> Vec<Probe<Self>> {
        let promise = self.paxos.get_promise();
        let mut ticked = self.ticks();
        ticked.push(heartbeat_request(known));
        let mut probes = vec![
            ticked,
            self.quiet_ticks(known, promise),
            self.asked(known),
            prepared(known, promise),
            synchronised(known, promise),
            vec![heartbeat_request(known)],
            promised(known, promise),
            self.takeover(known, promise),
        ];
        if promise.pid == known.me {
            probes.extend(self.best_promise(known, promise));
        }
        if matches!(self.options.tuning.take_outgoing, TakeOutgoing::Every(_)) {
            let take = || timer(TAKE);
            probes.iter_mut().for_each(|events| events.push(take()));
            probes.push(vec![take()]);
        }
        let mut probes: Vec<_> = probes
            .into_iter()
            .map(|events| Probe {
                events,
                until_effect: false,
            })
            .collect();
        probes.push(Probe {
            events: next_in_order(known, promise),
            until_effect: true,
        });
        probes
    }

    /// Ticks, until every clock has run down.
    fn ticks(&self) -> Events<S> {
        let elections =
            Some(self.options.tuning.election_ticks).filter(|ticks| *ticks <= ELECTION_TICKS_MAX);
        let clocks = [
            self.options.tuning.resend_ticks.min(ELECTION_TICKS_MAX),
            self.options.tuning.flush_ticks.min(ELECTION_TICKS_MAX),
            elections.unwrap_or(0),
        ];
        let ticks = clocks.into_iter().max().unwrap_or(0);
        (0..ticks).map(|_| timer(TICK)).collect()
    }

    /// A promise of a long log accepted in each ballot up to the present one: what
    /// a leader makes of it depends on the best promise that it had.
    fn best_promise(&self, known: &Known<'_, Self>, promise: Ballot) -> Vec<Events<S>> {
        let priority = |pid| {
            let place = pid as usize - 1;
            self.options
                .tuning
                .priorities
                .get(place)
                .copied()
                .unwrap_or(0)
        };
        let peer = peers(known).next().expect("a replica has peers");
        let ballots = (0..=promise.n).flat_map(|n| {
            (1..=known.replicas)
                .map(move |pid| Ballot::with(promise.config_id, n, priority(pid), pid))
        });
        ballots
            .filter(|ballot| *ballot != promise)
            .map(|n_accepted| {
                let promise = Promise {
                    n: promise,
                    n_accepted,
                    // Unlike any index that the best promise can have had.
                    decided_idx: BEYOND_ANY_LOG,
                    accepted_idx: BEYOND_ANY_LOG,
                    log_sync: None,
                };
                vec![message(peer, known.me, PaxosMsg::Promise(promise))]
            })
            .collect()
    }

    /// Ticks as above, while heartbeats tell of a leader who is well and far ahead:
    /// no election comes between.
    fn quiet_ticks(&self, known: &Known<'_, Self>, promise: Ballot) -> Events<S> {
        let is_tick =
            |event: &&Event<Self>| matches!(event, Event::Timer { timer, .. } if *timer == TICK);
        let before = known.life.iter().filter(is_tick).count() as u64;
        let ticks = self.ticks();
        let rounds = 2 + (before + ticks.len() as u64) / self.options.tuning.election_ticks;
        let peer = peers(known).next().expect("a replica has peers");
        let mut leader = Ballot::with(promise.config_id.max(1), promise.n + 9, 0, peer);
        let mut events = Events::<S>::new();
        for tick in ticks {
            // Only the answer to the present round counts.
            for round in 1..=rounds as u32 {
                leader.n = promise.n + 8 + round;
                let reply = HeartbeatReply {
                    round,
                    ballot: leader,
                    leader,
                    happy: true,
                };
                events.push(heartbeat(known, HeartbeatMsg::Reply(reply)));
            }
            events.push(tick);
        }
        events
    }

    /// A full batch of commands, a request to prepare from each peer in turn, and
    /// another batch.
    fn asked(&self, known: &Known<'_, Self>) -> Events<S> {
        let command = |sequence| {
            Event::Request(Request {
                id: RequestId {
                    client: NOBODY,
                    sequence,
                },
                attempt: 1,
                low_water: 1,
                command: known.command.clone(),
            })
        };
        let request = PaxosMsg::PrepareReq(PrepareReq {
            n: Ballot::default(),
        });
        let batch = u64::from(self.options.tuning.batch_size);
        let mut events: Vec<_> = (1..=batch).map(command).collect();
        events.extend(peers(known).map(|peer| message(peer, known.me, request.clone())));
        events.extend((batch + 1..=2 * batch).map(command));
        events
    }

    /// An attempt to lead in the next ballot, and what every peer would promise.
    fn takeover(&self, known: &Known<'_, Self>, promise: Ballot) -> Events<S> {
        let mut ballot = self.paxos.get_ui_states().current_ballot;
        ballot.n = promise.n + 1;
        let mut events = vec![Event::Operator(PaxosAction::TryBecomeLeader)];
        events.extend(promised(known, ballot));
        events
    }
}

fn timer<S: StateMachine>(timer: TimerId) -> Event<OmniPaxosReplica<S>> {
    Event::Timer {
        timer,
        late: Duration::ZERO,
    }
}

fn message<S: StateMachine>(
    from: ReplicaId,
    to: ReplicaId,
    msg: PaxosMsg<Entry<S>>,
) -> Event<OmniPaxosReplica<S>> {
    let message = Message::SequencePaxos(PaxosMessage { from, to, msg });
    Event::Message {
        from,
        message: library(message),
    }
}

fn library<S: StateMachine>(message: Message<Entry<S>>) -> PaxosPacket<S> {
    PaxosPacket::Library(Box::new(Carried::new(library_kind(&message), message)))
}

fn peers<R: Replica>(known: &Known<'_, R>) -> impl Iterator<Item = ReplicaId> {
    let me = known.me;
    (1..=known.replicas).filter(move |peer| *peer != me)
}

fn heartbeat<S: StateMachine>(
    known: &Known<'_, OmniPaxosReplica<S>>,
    msg: HeartbeatMsg,
) -> Event<OmniPaxosReplica<S>> {
    let from = peers(known).next().expect("a replica has peers");
    let to = known.me;
    let message = Message::BLE(BLEMessage { from, to, msg });
    Event::Message {
        from,
        message: library(message),
    }
}

fn heartbeat_request<S: StateMachine>(
    known: &Known<'_, OmniPaxosReplica<S>>,
) -> Event<OmniPaxosReplica<S>> {
    heartbeat(known, HeartbeatMsg::Request(HeartbeatRequest { round: 1 }))
}

/// The promised leader asks for the promise again.
fn prepared<S: StateMachine>(known: &Known<'_, OmniPaxosReplica<S>>, promise: Ballot) -> Events<S> {
    let prepare = Prepare {
        n: promise,
        decided_idx: 0,
        n_accepted: Ballot::default(),
        accepted_idx: 0,
    };
    vec![message(promise.pid, known.me, PaxosMsg::Prepare(prepare))]
}

/// The promised leader brings the log in line, beyond all that is there.
fn synchronised<S: StateMachine>(
    known: &Known<'_, OmniPaxosReplica<S>>,
    promise: Ballot,
) -> Events<S> {
    let sync = AcceptSync {
        n: promise,
        seq_num: SequenceNumber::default(),
        decided_idx: 0,
        log_sync: LogSync {
            decided_snapshot: None,
            suffix: vec![nobodys_entry(known)],
            sync_idx: BEYOND_ANY_LOG,
            stopsign: None,
        },
    };
    vec![message(promise.pid, known.me, PaxosMsg::AcceptSync(sync))]
}

fn nobodys_entry<S: StateMachine>(known: &Known<'_, OmniPaxosReplica<S>>) -> Entry<S> {
    Entry::new(Command {
        client: NOBODY,
        sequence: 1,
        attempt: 1,
        low_water: 1,
        coordinator: known.me,
        dedup: true,
        flaw: None,
        operation: known.command.clone(),
    })
}

/// Each peer promises `ballot`, and has nothing to say.
fn promised<S: StateMachine>(known: &Known<'_, OmniPaxosReplica<S>>, ballot: Ballot) -> Events<S> {
    let promise = || Promise {
        n: ballot,
        n_accepted: Ballot::default(),
        decided_idx: 0,
        accepted_idx: 0,
        log_sync: None,
    };
    peers(known)
        .map(|peer| message(peer, known.me, PaxosMsg::Promise(promise())))
        .collect()
}

/// Proposals of the promised leader, with each number that could be the next: one
/// more than some number heard in this life. What is in order has an effect; so
/// has what comes too early; what is late has none.
fn next_in_order<S: StateMachine>(
    known: &Known<'_, OmniPaxosReplica<S>>,
    promise: Ballot,
) -> Events<S> {
    let number = |message: &PaxosMsg<_>| match message {
        PaxosMsg::AcceptSync(sync) => Some(sync.seq_num),
        PaxosMsg::AcceptDecide(accept) => Some(accept.seq_num),
        PaxosMsg::Decide(decide) => Some(decide.seq_num),
        PaxosMsg::AcceptStopSign(stop) => Some(stop.seq_num),
        _ => None,
    };
    let mut numbers: BTreeSet<SequenceNumber> = heard(known)
        .filter_map(|(_, message)| number(message))
        .collect();
    numbers.insert(SequenceNumber::default());
    let entry = nobodys_entry(known);
    numbers
        .into_iter()
        .map(|number| {
            let accept = AcceptDecide {
                n: promise,
                seq_num: SequenceNumber {
                    counter: number.counter + 1,
                    ..number
                },
                decided_idx: 0,
                entries: vec![entry.clone()],
            };
            message(promise.pid, known.me, PaxosMsg::AcceptDecide(accept))
        })
        .collect()
}
