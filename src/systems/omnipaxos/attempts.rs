//! The attempts of clients that reached one life of a replica.
//!
//! Each is answered at most once, even if a link delivers it twice. What a
//! client says is over is forgotten: nobody asks for it again.

use super::per_client::PerClient;
use crate::observation::RequestId;

/// Attempts, and whether they are answered: of each client in order, rarely
/// more than a few.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts(PerClient<OfClient>);

#[derive(Clone, Debug, Default)]
struct OfClient {
    known: Vec<Attempt>,
    /// Everything below this is over, and what arrives of it is late.
    low_water: u64,
}

#[derive(Clone, Copy, Debug)]
struct Attempt {
    sequence: u64,
    attempt: u32,
    is_owed: bool,
}

impl Attempt {
    fn key(&self) -> (u64, u32) {
        (self.sequence, self.attempt)
    }
}

impl Attempts {
    /// An attempt arrives; false if it had arrived before, or is over. Everything
    /// of its client below `low_water` is over.
    pub(super) fn arrive(&mut self, id: RequestId, attempt: u32, low_water: u64) -> bool {
        let client = self.0.or_default(id.client);
        client.low_water = client.low_water.max(low_water);
        let (known, low_water) = (&mut client.known, client.low_water);
        let over = known.partition_point(|known| known.sequence < low_water);
        if over == known.len() {
            known.clear();
        } else {
            known.drain(..over);
        }
        if id.sequence < low_water {
            return false;
        }
        let Err(place) = known.binary_search_by_key(&(id.sequence, attempt), Attempt::key) else {
            return false;
        };
        let sequence = id.sequence;
        known.insert(
            place,
            Attempt {
                sequence,
                attempt,
                is_owed: true,
            },
        );
        true
    }

    /// It never happened.
    pub(super) fn forget(&mut self, id: RequestId, attempt: u32) {
        if let Some((known, place)) = self.find(id, attempt) {
            known.remove(place);
        }
    }

    /// Whether an attempt is to be answered now; from now on it is not.
    pub(super) fn pay(&mut self, id: RequestId, attempt: u32) -> bool {
        self.find(id, attempt)
            .is_some_and(|(known, place)| std::mem::take(&mut known[place].is_owed))
    }

    /// Those that are not answered yet.
    pub(super) fn owed(&self) -> impl Iterator<Item = (RequestId, u32)> + '_ {
        self.0.iter().flat_map(|(client, of_client)| {
            let owed = of_client.known.iter().filter(|known| known.is_owed);
            owed.map(move |known| {
                let sequence = known.sequence;
                (RequestId { client, sequence }, known.attempt)
            })
        })
    }

    /// The attempts of the client, and where among them this one is.
    fn find(&mut self, id: RequestId, attempt: u32) -> Option<(&mut Vec<Attempt>, usize)> {
        let known = &mut self.0.get_mut(id.client)?.known;
        let place = known
            .binary_search_by_key(&(id.sequence, attempt), Attempt::key)
            .ok()?;
        Some((known, place))
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
