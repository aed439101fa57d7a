//! The library's messages on their way.
//!
//! Such a message is large, far larger than most of what travels, so that it lies
//! in a box. Asking for that memory and giving it back takes as long as anything
//! else that is done about a message: once it was received, its box goes back to
//! whoever sent it, for the next. (Leaders send more than they receive.)

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::{BLEMessage, HeartbeatMsg, HeartbeatRequest};
use omnipaxos::storage::Entry;
use serde::{Serialize, Serializer};

/// The most empty boxes that wait for one replica.
const SPARE_MAX: usize = 64;

/// A message of the library, and which kind of message it is.
pub struct Carried<T: Entry> {
    /// Told when it is taken from the library, which has just made it: later, the
    /// processor would have to guess.
    kind: u8,
    /// Where its box goes when it is empty.
    home: Option<Home<T>>,
    message: Message<T>,
}

/// The empty boxes of one replica, as long as it lives: what is in them means nothing.
type Home<T> = Rc<RefCell<Option<Vec<Box<Carried<T>>>>>>;

impl<T: Entry> Carried<T> {
    /// A message of a kind, in no replica's box.
    pub(super) const fn new(kind: u8, message: Message<T>) -> Self {
        Self {
            kind,
            home: None,
            message,
        }
    }

    /// The kind that was told.
    #[inline]
    pub(super) const fn kind(&self) -> usize {
        self.kind as usize
    }

    /// Takes the message out, and sends its box home.
    #[inline]
    pub(super) fn unpack(self: Box<Self>) -> Message<T> {
        let Some(home) = self.home.clone() else {
            return self.message;
        };
        let mut boxes = home.borrow_mut();
        match &mut *boxes {
            Some(boxes) if boxes.len() < SPARE_MAX => {
                boxes.push(self);
                let empty = boxes.last_mut().expect("it was just put there");
                std::mem::replace(&mut empty.message, blank())
            }
            _ => self.message,
        }
    }
}

impl<T: Entry> Clone for Carried<T> {
    fn clone(&self) -> Self {
        Self::new(self.kind, self.message.clone())
    }
}

impl<T: Entry + fmt::Debug> fmt::Debug for Carried<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
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

/// Where the empty boxes of a replica wait for it.
pub(super) struct Spare<T: Entry>(Home<T>);

impl<T: Entry> Default for Spare<T> {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(Some(Vec::new()))))
    }
}

impl<T: Entry> Spare<T> {
    /// Moves a message of a kind into an empty box, or into a new one; what is left in
    /// its place means nothing. Word for word: copied in larger pieces by way of the
    /// stack, the second copy waits for the first to leave for memory.
    #[inline]
    pub(super) fn pack(&self, kind: u8, message: &mut Message<T>) -> Box<Carried<T>> {
        let empty = self.0.borrow_mut().as_mut().and_then(Vec::pop);
        let mut carried = empty.unwrap_or_else(|| self.new_box());
        carried.kind = kind;
        std::mem::swap(&mut carried.message, message);
        carried
    }

    #[cold]
    fn new_box(&self) -> Box<Carried<T>> {
        Box::new(Carried {
            kind: 0,
            home: Some(Rc::clone(&self.0)),
            message: blank(),
        })
    }
}

impl<T: Entry> Drop for Spare<T> {
    /// No box comes home any more: they and their home would keep each other.
    fn drop(&mut self) {
        let boxes = self.0.take();
        debug_assert!(boxes.is_some(), "a replica ends once");
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

    fn waiting(spare: &Spare<Word>) -> usize {
        spare.0.borrow().as_ref().map_or(0, Vec::len)
    }

    #[test]
    fn a_box_goes_home_and_carries_the_next_message() {
        let (spare, _other) = (Spare::default(), Spare::<Word>::default());
        let first = spare.pack(7, &mut proposal("first"));
        assert_eq!(
            (word(&first), first.kind(), waiting(&spare)),
            ("first", 7, 0)
        );
        assert_eq!(word(&first.unpack()), "first");
        assert_eq!(waiting(&spare), 1);
        let second = spare.pack(8, &mut proposal("second"));
        assert_eq!(
            (word(&second), second.kind(), waiting(&spare)),
            ("second", 8, 0)
        );
    }

    #[test]
    fn no_more_boxes_wait_than_there_is_room_for() {
        let spare = Spare::default();
        let pack = |_| spare.pack(0, &mut proposal("one"));
        let sent: Vec<_> = (0..2 * SPARE_MAX).map(pack).collect();
        for carried in sent {
            assert_eq!(word(&carried.unpack()), "one");
        }
        assert_eq!(waiting(&spare), SPARE_MAX);
    }

    #[test]
    fn what_outlives_its_sender_and_a_copy_have_no_home() {
        let spare = Spare::default();
        let (sent, waits) = (
            spare.pack(0, &mut proposal("one")),
            spare.pack(0, &mut proposal("two")),
        );
        assert_eq!(word(&Box::new((*sent).clone()).unpack()), "one");
        assert_eq!(word(&waits.unpack()), "two");
        assert_eq!(waiting(&spare), 1, "a copy did not come");
        let home = Rc::downgrade(&spare.0);
        drop(spare);
        assert_eq!(word(&sent.unpack()), "one");
        assert_eq!(home.strong_count(), 0, "nothing keeps it");
    }
}
