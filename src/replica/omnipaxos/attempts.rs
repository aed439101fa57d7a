//! The attempts of clients that reached one life of a replica.
//!
//! Each is answered at most once, even if a link delivers it twice. What a
//! client says is over is forgotten: nobody asks for it again.

use std::collections::BTreeMap;

use crate::observation::{ClientId, RequestId};

/// Attempts, and whether they are answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts {
    states: BTreeMap<(RequestId, u32), State>,
    /// Everything of a client below this is over, and what arrives of it is late.
    low_water: BTreeMap<ClientId, u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Owed,
    Answered,
}

impl Attempts {
    /// An attempt arrives; false if it had arrived before, or is over. Everything
    /// of its client below `low_water` is over.
    pub(super) fn arrive(&mut self, id: RequestId, attempt: u32, low_water: u64) -> bool {
        let known = self.low_water.entry(id.client).or_default();
        *known = low_water.max(*known);
        let low_water = *known;
        let first = |sequence| {
            let client = id.client;
            (RequestId { client, sequence }, 0)
        };
        while let Some((over, _)) = self.states.range(first(0)..first(low_water)).next() {
            let over = *over;
            self.states.remove(&over);
        }
        let is_new = id.sequence >= low_water && !self.states.contains_key(&(id, attempt));
        if is_new {
            self.states.insert((id, attempt), State::Owed);
        }
        is_new
    }

    /// It never happened.
    pub(super) fn forget(&mut self, id: RequestId, attempt: u32) {
        self.states.remove(&(id, attempt));
    }

    /// Whether an attempt is to be answered now; from now on it is not.
    pub(super) fn pay(&mut self, id: RequestId, attempt: u32) -> bool {
        match self.states.get_mut(&(id, attempt)) {
            Some(state @ State::Owed) => {
                *state = State::Answered;
                true
            }
            Some(State::Answered) | None => false,
        }
    }

    /// Those that are not answered yet.
    pub(super) fn owed(&self) -> impl Iterator<Item = (RequestId, u32)> + '_ {
        let owed = self
            .states
            .iter()
            .filter(|(_, state)| **state == State::Owed);
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
        assert!(
            !attempts.arrive(id(1), 1, 1),
            "a late copy does not bring it back"
        );
    }
}
