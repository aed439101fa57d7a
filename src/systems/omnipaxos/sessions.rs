//! Client sessions inside the replicated state.
//!
//! A session keeps the result of every executed command at or above the
//! client's low-water mark. Commands of one client may be decided out of order,
//! so one number per client would not do.

use serde::{Deserialize, Serialize};

use super::per_client::PerClient;
use crate::observation::{ClientId, RequestId};

/// All sessions of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "O: Serialize + serde::de::DeserializeOwned")]
pub struct Sessions<O> {
    clients: PerClient<Session<O>>,
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
            clients: PerClient::default(),
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
        let session = self.clients.or_default(client);
        if low_water > session.low_water {
            session.low_water = low_water;
            let over = session
                .results
                .partition_point(|(sequence, ..)| *sequence < low_water);
            if over == session.results.len() {
                session.results.clear();
            } else {
                session.results.drain(..over);
            }
        }
        session
    }

    /// Loses the results of `client` below `sequence`, although they are not over.
    pub(super) fn forget(&mut self, client: ClientId, sequence: u64) {
        if let Some(session) = self.clients.get_mut(client) {
            session.results.retain(|(kept, ..)| *kept >= sequence);
        }
    }

    /// The log index and result of a command that was executed before.
    pub fn result(&self, id: RequestId) -> Option<(u64, &O)> {
        let session = self.clients.get(id.client)?;
        let place = session.find(id.sequence).ok()?;
        Some(session.result(place))
    }

    /// Whether the client said that the command is over.
    pub fn is_forgotten(&self, id: RequestId) -> bool {
        self.clients
            .get(id.client)
            .is_some_and(|session| session.is_forgotten(id.sequence))
    }
}

impl<O> Session<O> {
    /// Where the result of a command is; if it was not executed, where it will be.
    #[inline]
    pub(super) fn find(&self, sequence: u64) -> Result<usize, usize> {
        match self.results.last() {
            Some((last, ..)) if *last >= sequence => self
                .results
                .binary_search_by_key(&sequence, |(sequence, ..)| *sequence),
            _ => Err(self.results.len()),
        }
    }

    /// The log index and result of the command that was found at a place.
    #[inline]
    pub(super) fn result(&self, place: usize) -> (u64, &O) {
        let (_, index, output) = &self.results[place];
        (*index, output)
    }

    /// Whether the client said that the command is over.
    #[inline]
    pub(super) fn is_forgotten(&self, sequence: u64) -> bool {
        sequence < self.low_water
    }

    /// Executes a command at a log index, and keeps its result at the place where it was
    /// looked for.
    #[inline]
    pub(super) fn execute(
        &mut self,
        place: usize,
        sequence: u64,
        index: u64,
        execute: impl FnOnce() -> O,
    ) {
        debug_assert!(sequence >= self.low_water, "command {sequence} is over");
        debug_assert_eq!(
            self.find(sequence),
            Err(place),
            "command {sequence} was executed twice"
        );
        let result = || (sequence, index, execute());
        if place == self.results.len() {
            // Made where it stays, not to be copied there.
            self.results.extend(std::iter::once_with(result));
        } else {
            self.results.insert(place, result());
        }
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
        sessions.advance(1, 0).execute(0, 3, 10, || "three");
        sessions.advance(1, 0).execute(0, 1, 11, || "one");
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
