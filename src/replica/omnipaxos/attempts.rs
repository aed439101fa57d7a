//! The attempts of clients that reached one life of a replica.
//!
//! Each is answered at most once, even if a link delivers it twice. What a
//! client says is over is forgotten: nobody asks for it again.

use std::collections::BTreeMap;

use crate::observation::RequestId;

/// Attempts, and whether they are answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts(BTreeMap<(RequestId, u32), State>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Owed,
    Answered,
}

impl Attempts {
    /// An attempt arrives; false if it had arrived before. Everything of its
    /// client below `low_water` is over.
    pub(super) fn arrive(&mut self, id: RequestId, attempt: u32, low_water: u64) -> bool {
        let first = |sequence| {
            let client = id.client;
            (RequestId { client, sequence }, 0)
        };
        while let Some((over, _)) = self.0.range(first(0)..first(low_water)).next() {
            let over = *over;
            self.0.remove(&over);
        }
        let is_new = !self.0.contains_key(&(id, attempt));
        if is_new {
            self.0.insert((id, attempt), State::Owed);
        }
        is_new
    }

    /// It never happened.
    pub(super) fn forget(&mut self, id: RequestId, attempt: u32) {
        self.0.remove(&(id, attempt));
    }

    /// Whether an attempt is to be answered now; from now on it is not.
    pub(super) fn pay(&mut self, id: RequestId, attempt: u32) -> bool {
        match self.0.get_mut(&(id, attempt)) {
            Some(state @ State::Owed) => {
                *state = State::Answered;
                true
            }
            Some(State::Answered) | None => false,
        }
    }

    /// Those that are not answered yet.
    pub(super) fn owed(&self) -> impl Iterator<Item = (RequestId, u32)> + '_ {
        let owed = self.0.iter().filter(|(_, state)| **state == State::Owed);
        owed.map(|((id, attempt), _)| (*id, *attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(sequence: u64) -> RequestId {
        RequestId {
            client: 1,
            sequence,
        }
    }

    #[test]
    fn an_attempt_that_arrives_twice_is_answered_once() {
        let mut attempts = Attempts::default();
        assert!(attempts.arrive(id(1), 1, 1));
        assert!(!attempts.arrive(id(1), 1, 1), "delivered twice");
        assert!(attempts.pay(id(1), 1));
        assert!(!attempts.pay(id(1), 1), "decided twice");
        assert!(!attempts.arrive(id(1), 1, 1), "delivered late");
        assert!(
            attempts.arrive(id(1), 2, 1),
            "another attempt is owed an answer of its own"
        );
        assert_eq!(attempts.owed().collect::<Vec<_>>(), [(id(1), 2)]);
    }

    #[test]
    fn what_a_client_says_is_over_is_forgotten() {
        let mut attempts = Attempts::default();
        attempts.arrive(id(1), 1, 1);
        attempts.arrive(id(2), 1, 1);
        attempts.arrive(id(3), 1, 3);
        assert_eq!(attempts.owed().collect::<Vec<_>>(), [(id(3), 1)]);
        assert!(!attempts.pay(id(1), 1));
    }
}
