//! The library's messages on their way.
//!
//! Such a message is large, far larger than most of what travels, so that it lies
//! in a box. Asking for that memory and giving it back takes as long as anything
//! else that is done about a message: whoever received one keeps its box for the
//! next that it sends.

use std::ops::Deref;

use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::{BLEMessage, HeartbeatMsg, HeartbeatRequest};
use omnipaxos::storage::Entry;
use serde::{Serialize, Serializer};

/// The most boxes that one replica keeps.
const SPARE_MAX: usize = 64;

/// A message of the library, and which kind of message it is.
#[derive(Clone, Debug)]
pub struct Carried<T: Entry> {
    /// Told when it is taken from the library, which has just made it: later, the
    /// processor would have to guess.
    kind: u8,
    message: Message<T>,
}

impl<T: Entry> Carried<T> {
    /// A message of a kind.
    pub(super) const fn new(kind: u8, message: Message<T>) -> Self {
        Self { kind, message }
    }

    /// The kind that was told.
    #[inline]
    pub(super) const fn kind(&self) -> usize {
        self.kind as usize
    }
}

impl<T: Entry> Deref for Carried<T> {
    type Target = Message<T>;

    #[inline]
    fn deref(&self) -> &Message<T> {
        &self.message
    }
}

impl<T: Entry> Serialize for Carried<T>
where
    Message<T>: Serialize,
{
    #[inline]
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.message.serialize(serializer)
    }
}

/// The empty boxes of one replica: what is in them means nothing.
pub(super) struct Spare<T: Entry>(Vec<Box<Carried<T>>>);

impl<T: Entry> Default for Spare<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Entry> Spare<T> {
    /// Puts a message of a kind into an empty box, or into a new one.
    #[inline]
    pub(super) fn pack(&mut self, kind: u8, message: Message<T>) -> Box<Carried<T>> {
        match self.0.pop() {
            Some(mut empty) => {
                empty.kind = kind;
                empty.message = message;
                empty
            }
            None => Box::new(Carried::new(kind, message)),
        }
    }

    /// Takes a message out, and keeps its box.
    #[inline]
    pub(super) fn unpack(&mut self, full: Box<Carried<T>>) -> Message<T> {
        if self.0.len() >= SPARE_MAX {
            return full.message;
        }
        self.0.push(full);
        let full = self.0.last_mut().expect("it was just put there");
        std::mem::replace(&mut full.message, blank())
    }
}

/// The smallest message there is, which owns nothing.
#[inline]
const fn blank<T: Entry>() -> Message<T> {
    Message::BLE(BLEMessage {
        from: 0,
        to: 0,
        msg: HeartbeatMsg::Request(HeartbeatRequest { round: 0 }),
    })
}

#[cfg(test)]
mod tests {
    use omnipaxos::messages::sequence_paxos::{PaxosMessage, PaxosMsg};
    use omnipaxos::storage::NoSnapshot;

    use super::*;

    #[derive(Clone, Debug)]
    struct Word(&'static str);

    impl Entry for Word {
        type Snapshot = NoSnapshot;
    }

    fn proposal(word: &'static str) -> Message<Word> {
        let msg = PaxosMsg::ProposalForward(vec![Word(word)]);
        Message::SequencePaxos(PaxosMessage {
            from: 1,
            to: 2,
            msg,
        })
    }

    fn word(message: &Message<Word>) -> &'static str {
        let Message::SequencePaxos(message) = message else {
            panic!("a proposal was sent")
        };
        let PaxosMsg::ProposalForward(words) = &message.msg else {
            panic!("a proposal was sent")
        };
        words[0].0
    }

    #[test]
    fn a_box_carries_one_message_after_another() {
        let mut spare = Spare::default();
        let first = spare.pack(7, proposal("first"));
        assert_eq!((word(&first), first.kind(), spare.0.len()), ("first", 7, 0));
        assert_eq!(word(&spare.unpack(first)), "first");
        assert_eq!(spare.0.len(), 1);
        let second = spare.pack(8, proposal("second"));
        assert_eq!(
            (word(&second), second.kind(), spare.0.len()),
            ("second", 8, 0)
        );
    }

    #[test]
    fn no_more_boxes_are_kept_than_there_is_room_for() {
        let mut spare = Spare::default();
        for _ in 0..2 * SPARE_MAX {
            let full = Box::new(Carried::new(0, proposal("one")));
            assert_eq!(word(&spare.unpack(full)), "one");
        }
        assert_eq!(spare.0.len(), SPARE_MAX);
    }
}
