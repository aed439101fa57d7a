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
struct Session<O> {
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
    pub fn advance(&mut self, client: ClientId, low_water: u64) {
        let session = self.clients.entry(client).or_default();
        if low_water > session.low_water {
            session.low_water = low_water;
            session
                .results
                .retain(|(sequence, ..)| *sequence >= low_water);
        }
        debug_assert!(
            session
                .results
                .iter()
                .all(|(sequence, ..)| *sequence >= session.low_water),
            "nothing below the low-water mark is kept"
        );
    }

    /// The log index and result of a command that was executed before.
    pub fn result(&self, id: RequestId) -> Option<(u64, &O)> {
        let results = &self.clients.get(&id.client)?.results;
        let place = results
            .binary_search_by_key(&id.sequence, |(sequence, ..)| *sequence)
            .ok()?;
        let (_, index, output) = &results[place];
        Some((*index, output))
    }

    /// Whether the client said that the command is over.
    pub fn is_forgotten(&self, id: RequestId) -> bool {
        self.clients
            .get(&id.client)
            .is_some_and(|session| id.sequence < session.low_water)
    }

    /// Keeps the result of a command that was executed at a log index.
    ///
    /// # Panics
    /// In builds with assertions, when it was executed before.
    pub fn remember(&mut self, id: RequestId, index: u64, output: O) {
        let session = self.clients.entry(id.client).or_default();
        debug_assert!(id.sequence >= session.low_water, "{id} is over");
        let place = session
            .results
            .partition_point(|(sequence, ..)| *sequence < id.sequence);
        debug_assert!(
            session
                .results
                .get(place)
                .is_none_or(|(sequence, ..)| *sequence != id.sequence),
            "{id} was executed twice"
        );
        session.results.insert(place, (id.sequence, index, output));
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
        sessions.remember(id(3), 10, "three");
        sessions.remember(id(1), 11, "one");
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
