//! Boxes in which messages of the library travel, used again and again.
//!
//! Such a message is large, far larger than most of what travels. Asking for the
//! memory of its box and giving it back takes as long as anything else that is
//! done about a message, so that whoever received one keeps its box for the next
//! that it sends.

use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::{BLEMessage, HeartbeatMsg, HeartbeatRequest};
use omnipaxos::storage::Entry;

/// The most boxes that one replica keeps.
const SPARE_MAX: usize = 64;

/// The empty boxes of one replica: what is in them means nothing.
pub(super) struct Spare<T: Entry>(Vec<Box<Message<T>>>);

impl<T: Entry> Default for Spare<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Entry> Spare<T> {
    /// Puts a message into an empty box, or into a new one.
    #[inline]
    pub(super) fn pack(&mut self, message: Message<T>) -> Box<Message<T>> {
        match self.0.pop() {
            Some(mut empty) => {
                *empty = message;
                empty
            }
            None => Box::new(message),
        }
    }

    /// Takes a message out, and keeps its box.
    #[inline]
    pub(super) fn unpack(&mut self, full: Box<Message<T>>) -> Message<T> {
        if self.0.len() >= SPARE_MAX {
            return *full;
        }
        self.0.push(full);
        let full = self.0.last_mut().expect("it was just put there");
        std::mem::replace(&mut **full, blank())
    }
}

/// The smallest message there is, which owns nothing.
#[inline]
fn blank<T: Entry>() -> Message<T> {
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
        let first = spare.pack(proposal("first"));
        assert_eq!((word(&first), spare.0.len()), ("first", 0));
        assert_eq!(word(&spare.unpack(first)), "first");
        assert_eq!(spare.0.len(), 1);
        let second = spare.pack(proposal("second"));
        assert_eq!((word(&second), spare.0.len()), ("second", 0));
    }

    #[test]
    fn no_more_boxes_are_kept_than_there_is_room_for() {
        let mut spare = Spare::default();
        for _ in 0..2 * SPARE_MAX {
            assert_eq!(word(&spare.unpack(Box::new(proposal("one")))), "one");
        }
        assert_eq!(spare.0.len(), SPARE_MAX);
    }
}
