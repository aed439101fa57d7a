//! A shim over the library's messages: rewritten, forged, repeated or held back,
//! so that correct replicas behave as defective ones would.
//!
//! A forged Accepted is a quorum off by one, a rewritten sequence number a gap
//! that nobody noticed.

use std::collections::BTreeSet;

use omnipaxos::ballot_leader_election::Ballot;
use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::{BLEMessage, HeartbeatMsg};
use omnipaxos::messages::sequence_paxos::{
    AcceptDecide, Accepted, PaxosMessage, PaxosMsg, Promise,
};
use omnipaxos::storage::Entry;
use omnipaxos::util::{NodeId, SequenceNumber};

use super::bug::Bug;
use crate::systems::omnipaxos::tuning::ReplicaOptions;

/// What the shim remembers of one life.
#[derive(Debug)]
pub(super) struct Wire {
    bug: Bug,
    me: NodeId,
    replicas: u64,
    /// Promises that are counted, and those that would have to be.
    promises_counted: u64,
    promises_needed: u64,
    /// The ballot in which it led in an earlier life.
    led: Option<Ballot>,
    /// The number of the last message of the leader that the library took, as
    /// the library knows it, and how far those to come are shifted.
    taken: SequenceNumber,
    shift: i64,
    /// Whether the next entries are the first after a synchronisation.
    is_synchronised: bool,
    /// Who promised in the ballot that is being prepared.
    promised: (Ballot, BTreeSet<NodeId>),
    /// How often it did what a correct replica would not have done, since this was asked last.
    deviations: u32,
    /// What it sends beside what the library sends.
    more: Vec<BLEMessage>,
}

impl Wire {
    pub(super) fn new(bug: Bug, options: &ReplicaOptions, me: NodeId, led: Ballot) -> Self {
        Self {
            bug,
            me,
            replicas: options.replicas,
            promises_counted: options.accept_quorum(),
            promises_needed: options.prepare_quorum(),
            led: Some(led).filter(|led| led.pid == me),
            taken: SequenceNumber::default(),
            shift: 0,
            is_synchronised: false,
            promised: (Ballot::default(), BTreeSet::new()),
            deviations: 0,
            more: Vec::new(),
        }
    }

    /// How often it did what a correct replica would not have done, since this was asked last.
    pub(super) fn deviations(&mut self) -> u32 {
        std::mem::take(&mut self.deviations)
    }

    fn deviates_if(&mut self, deviates: bool) {
        self.deviations += u32::from(deviates);
    }

    /// What the library gets to handle in place of one message, in which it has
    /// promised `promise`.
    pub(super) fn incoming<T: Entry>(
        &mut self,
        message: Message<T>,
        promise: Ballot,
    ) -> Vec<Message<T>> {
        if let Message::BLE(heartbeat) = &message {
            self.pass_on(&heartbeat.msg);
        }
        let Message::SequencePaxos(mut message) = message else {
            return vec![message];
        };
        let mut more = Vec::new();
        match &mut message.msg {
            PaxosMsg::AcceptSync(sync) if sync.n == promise => {
                (self.taken, self.shift) = (sync.seq_num, 0);
                self.is_synchronised = true;
            }
            PaxosMsg::AcceptDecide(accept) => {
                more = self.accept(accept, promise, message.from, message.to);
            }
            PaxosMsg::Decide(decide) if decide.n == promise => {
                decide.seq_num = self.renumbered(decide.seq_num);
            }
            PaxosMsg::Promise(given) if self.bug == Bug::QuorumsConfused => {
                let n = given.n;
                more = self.missing_promises(n, message.from);
                self.deviates_if(!more.is_empty());
            }
            _ => {}
        }
        let mut all = vec![Message::SequencePaxos(message)];
        all.extend(more);
        all
    }

    /// A heartbeat is heard; whoever sent it has sent it to everybody already.
    fn pass_on(&mut self, heartbeat: &HeartbeatMsg) {
        if self.bug != Bug::HeartbeatsPassedOn || !matches!(heartbeat, HeartbeatMsg::Request(_)) {
            return;
        }
        let (me, replicas) = (self.me, 1..=self.replicas);
        let others = replicas.filter(|replica| *replica != me);
        self.more.extend(others.map(|to| BLEMessage {
            from: me,
            to,
            msg: heartbeat.clone(),
        }));
        self.deviates_if(true);
    }

    /// What it sends beside what the library sends.
    pub(super) fn more(&mut self) -> Vec<BLEMessage> {
        std::mem::take(&mut self.more)
    }

    /// Entries arrive; gives what is handled after them.
    fn accept<T: Entry>(
        &mut self,
        accept: &mut AcceptDecide<T>,
        promise: Ballot,
        from: NodeId,
        to: NodeId,
    ) -> Vec<Message<T>> {
        if accept.n < promise && self.bug == Bug::OlderBallotAccepted {
            self.deviates_if(true);
            self.shift += 1;
            self.taken.counter += 1;
            (accept.n, accept.seq_num) = (promise, self.taken);
            return Vec::new();
        }
        if accept.n != promise {
            return Vec::new();
        }
        accept.seq_num = self.renumbered(accept.seq_num);
        let is_first = std::mem::take(&mut self.is_synchronised);
        if self.bug != Bug::AcceptAppliedTwice || !is_first {
            return Vec::new();
        }
        self.deviates_if(true);
        self.shift += 1;
        self.taken.counter += 1;
        let again = AcceptDecide {
            seq_num: self.taken,
            ..accept.clone()
        };
        let msg = PaxosMsg::AcceptDecide(again);
        vec![Message::SequencePaxos(PaxosMessage { from, to, msg })]
    }

    /// The number of the leader's next message as the library knows it, or, where
    /// the bug does not see a gap, as it expects it.
    fn renumbered(&mut self, number: SequenceNumber) -> SequenceNumber {
        let SequenceNumber { session, counter } = number;
        let next = self.taken.counter + 1;
        let mut counter = counter.saturating_add_signed(self.shift);
        let is_gap = session == self.taken.session && counter > next;
        if is_gap && self.bug == Bug::GapIgnored {
            self.deviates_if(true);
            self.shift -= (counter - next) as i64;
            counter = next;
        }
        let number = SequenceNumber { session, counter };
        self.taken = self.taken.max(number);
        number
    }

    /// Promises of those who gave none, once as many came as the bug counts.
    fn missing_promises<T: Entry>(&mut self, n: Ballot, from: NodeId) -> Vec<Message<T>> {
        let (ballot, promised) = &mut self.promised;
        if *ballot != n {
            (*ballot, *promised) = (n, BTreeSet::from([self.me]));
        }
        promised.insert(from);
        if promised.len() as u64 != self.promises_counted {
            return Vec::new();
        }
        let missing = self.promises_needed.saturating_sub(self.promises_counted);
        let silent = (1..=self.replicas).filter(|replica| !promised.contains(replica));
        let me = self.me;
        let forged = silent.map(|replica| empty_promise(n, replica, me));
        forged.take(missing as usize).collect()
    }

    /// Changes one message that leaves. `false`: it does not leave.
    pub(super) fn outgoing<T: Entry>(&mut self, message: &mut Message<T>) -> bool {
        if let Message::BLE(heartbeat) = message
            && let HeartbeatMsg::Reply(reply) = &mut heartbeat.msg
            && self.bug == Bug::AlwaysContent
        {
            let was_happy = std::mem::replace(&mut reply.happy, true);
            self.deviates_if(!was_happy);
        }
        let Message::SequencePaxos(message) = message else {
            return true;
        };
        match (self.bug, &mut message.msg) {
            (Bug::BallotReusedAfterRestart, msg) => self.reuse_ballot(msg),
            (Bug::DecidedTooHigh, PaxosMsg::AcceptDecide(accept)) => {
                self.deviates_if(!accept.entries.is_empty());
                accept.decided_idx += accept.entries.len();
            }
            (Bug::PromiseWithoutSuffix, PaxosMsg::Promise(promise)) => {
                let left_out = promise.log_sync.take();
                self.deviates_if(left_out.is_some());
            }
            (Bug::SyncCutShort, PaxosMsg::AcceptSync(sync)) => {
                let left_out = sync.log_sync.suffix.pop();
                self.deviates_if(left_out.is_some());
            }
            (Bug::AcknowledgesOneTooMany, PaxosMsg::Accepted(accepted)) => {
                self.deviates_if(true);
                accepted.accepted_idx += 1;
            }
            (Bug::DecideNotSent, PaxosMsg::Decide(_)) => {
                self.deviates_if(true);
                return false;
            }
            _ => {}
        }
        true
    }

    fn reuse_ballot<T: Entry>(&mut self, message: &mut PaxosMsg<T>) {
        let (Some(led), Some(n)) = (self.led, leaders_ballot(message)) else {
            return;
        };
        if n.pid == self.me && *n > led {
            *n = led;
            self.deviates_if(true);
        }
    }

    /// What nobody sent, and a leader counts all the same, after this one left.
    pub(super) fn forged<T: Entry>(
        &mut self,
        left: &Message<T>,
        accepted_idx: usize,
    ) -> Option<Message<T>> {
        let Message::SequencePaxos(left) = left else {
            return None;
        };
        let phantom = if self.me == 1 { 2 } else { 1 };
        if left.to != phantom {
            return None;
        }
        let forged = match (self.bug, &left.msg) {
            (Bug::QuorumOffByOne, PaxosMsg::AcceptDecide(accept)) => {
                let n = accept.n;
                let msg = PaxosMsg::Accepted(Accepted { n, accepted_idx });
                Some(Message::SequencePaxos(PaxosMessage {
                    from: phantom,
                    to: self.me,
                    msg,
                }))
            }
            (Bug::PromiseQuorumOffByOne, PaxosMsg::Prepare(prepare)) => {
                Some(empty_promise(prepare.n, phantom, self.me))
            }
            _ => None,
        };
        self.deviates_if(forged.is_some());
        forged
    }
}

/// A promise of somebody whose log is empty.
fn empty_promise<T: Entry>(n: Ballot, from: NodeId, to: NodeId) -> Message<T> {
    let msg = PaxosMsg::Promise(Promise {
        n,
        n_accepted: Ballot::default(),
        decided_idx: 0,
        accepted_idx: 0,
        log_sync: None,
    });
    Message::SequencePaxos(PaxosMessage { from, to, msg })
}

/// The ballot in which a leader speaks.
fn leaders_ballot<T: Entry>(message: &mut PaxosMsg<T>) -> Option<&mut Ballot> {
    match message {
        PaxosMsg::Prepare(prepare) => Some(&mut prepare.n),
        PaxosMsg::AcceptSync(sync) => Some(&mut sync.n),
        PaxosMsg::AcceptDecide(accept) => Some(&mut accept.n),
        PaxosMsg::Decide(decide) => Some(&mut decide.n),
        _ => None,
    }
}
