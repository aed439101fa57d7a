//! Client sessions inside the replicated state.
//!
//! A session keeps the result of every executed command at or above the
//! client's low-water mark. Commands of one client may be decided out of order,
//! so one number per client would not do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::observation::{ClientId, RequestId};

/// All sessions of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "O: Serialize + serde::de::DeserializeOwned")]
pub struct Sessions<O> {
    clients: BTreeMap<ClientId, Session<O>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "O: Serialize + serde::de::DeserializeOwned")]
pub(super) struct Session<O> {
    low_water: u64,
    /// Sequence number, log index and result, in order of sequence numbers:
    /// rarely more than a few.
    results: Vec<(u64, u64, O)>,
}

impl<O> Default for Sessions<O> {
    fn default() -> Self {
        Self {
            clients: BTreeMap::new(),
        }
    }
}

impl<O> Default for Session<O> {
    fn default() -> Self {
        Self {
            low_water: 0,
            results: Vec::new(),
        }
    }
}

impl<O> Sessions<O> {
    /// Everything of `client` below `low_water` is over and can be forgotten.
    /// Gives the client's session, with which its next command goes on.
    pub(super) fn advance(&mut self, client: ClientId, low_water: u64) -> &mut Session<O> {
        let session = self.clients.entry(client).or_default();
        if low_water > session.low_water {
            session.low_water = low_water;
            let over = session
                .results
                .partition_point(|(sequence, ..)| *sequence < low_water);
            session.results.drain(..over);
        }
        session
    }

    /// Loses the results of `client` below `sequence`, although they are not over.
    pub(super) fn forget(&mut self, client: ClientId, sequence: u64) {
        if let Some(session) = self.clients.get_mut(&client) {
            session.results.retain(|(kept, ..)| *kept >= sequence);
        }
    }

    /// The log index and result of a command that was executed before.
    pub fn result(&self, id: RequestId) -> Option<(u64, &O)> {
        self.clients.get(&id.client)?.result(id.sequence)
    }

    /// Whether the client said that the command is over.
    pub fn is_forgotten(&self, id: RequestId) -> bool {
        self.clients
            .get(&id.client)
            .is_some_and(|session| session.is_forgotten(id.sequence))
    }
}

impl<O> Session<O> {
    /// The log index and result of a command that was executed before.
    #[inline]
    pub(super) fn result(&self, sequence: u64) -> Option<(u64, &O)> {
        let place = self
            .results
            .binary_search_by_key(&sequence, |(sequence, ..)| *sequence)
            .ok()?;
        let (_, index, output) = &self.results[place];
        Some((*index, output))
    }

    /// Whether the client said that the command is over.
    #[inline]
    pub(super) fn is_forgotten(&self, sequence: u64) -> bool {
        sequence < self.low_water
    }

    /// Keeps the result of a command that was executed at a log index.
    ///
    /// # Panics
    /// In builds with assertions, when it was executed before.
    pub(super) fn remember(&mut self, sequence: u64, index: u64, output: O) {
        debug_assert!(sequence >= self.low_water, "command {sequence} is over");
        let place = self
            .results
            .partition_point(|(earlier, ..)| *earlier < sequence);
        debug_assert!(
            self.results
                .get(place)
                .is_none_or(|(other, ..)| *other != sequence),
            "command {sequence} was executed twice"
        );
        self.results.insert(place, (sequence, index, output));
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
    fn results_are_kept_out_of_order_down_to_the_low_water_mark() {
        let mut sessions = Sessions::default();
        sessions.advance(1, 0).remember(3, 10, "three");
        sessions.advance(1, 0).remember(1, 11, "one");
        assert_eq!(sessions.result(id(1)), Some((11, &"one")));
        assert_eq!(sessions.result(id(2)), None);

        sessions.advance(1, 3);
        assert_eq!(sessions.result(id(1)), None);
        assert!(sessions.is_forgotten(id(2)));
        assert_eq!(sessions.result(id(3)), Some((10, &"three")));

        sessions.advance(1, 2);
        assert!(sessions.is_forgotten(id(2)), "the mark never goes back");
    }
}
