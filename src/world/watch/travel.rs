//! Which messages of a traced run arrived, and which never did.
//!
//! A message is recognised by who sent it, to whom, and what is in it: of several
//! that are the same, the one sent first arrives first. One that arrives twice was
//! sent once.

use std::collections::{BTreeMap, VecDeque};

use simulated_clock::Instant;

use crate::network::Endpoint;
use crate::world::trace_line::TraceLine;

/// From whom, to whom, and the digest of what.
pub(super) type Travel = (Endpoint, Endpoint, u64);

/// A message that left.
#[derive(Debug)]
pub(super) struct Left {
    /// How many lines of the trace were before it.
    pub(super) place: usize,
    /// What is told if it never arrives.
    pub(super) line: TraceLine,
    has_arrived: bool,
}

#[derive(Debug, Default)]
struct Same {
    waiting: VecDeque<usize>,
    arrived_last: Option<usize>,
}

/// All messages that left, in order.
#[derive(Debug, Default)]
pub(super) struct Travels {
    left: Vec<Left>,
    same: BTreeMap<Travel, Same>,
}

impl Travels {
    pub(super) fn leaves(&mut self, travel: Travel, line: TraceLine, place: usize) {
        debug_assert!(self.left.last().is_none_or(|last| last.place <= place));
        let same = self.same.entry(travel).or_default();
        same.waiting.push_back(self.left.len());
        self.left.push(Left {
            place,
            line,
            has_arrived: false,
        });
    }

    /// When what arrives was sent; `None` if it was never seen to leave.
    pub(super) fn arrives(&mut self, travel: Travel) -> Option<Instant> {
        let same = self.same.get_mut(&travel)?;
        let index = same.waiting.pop_front().or(same.arrived_last)?;
        same.arrived_last = Some(index);
        let left = &mut self.left[index];
        left.has_arrived = true;
        Some(left.line.at)
    }

    /// What never arrived and is not `under_way`, in the order of sending.
    pub(super) fn lost(
        mut self,
        under_way: impl Iterator<Item = Travel>,
    ) -> impl Iterator<Item = Left> {
        for travel in under_way {
            // Of several that are the same, those sent last are still under way.
            let waiting = self.same.get_mut(&travel);
            if let Some(index) = waiting.and_then(|same| same.waiting.pop_back()) {
                self.left[index].has_arrived = true;
            }
        }
        self.left.into_iter().filter(|left| !left.has_arrived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::trace_line::Scene;

    fn line(at: u64) -> TraceLine {
        TraceLine {
            at: Instant::from_nanos(at),
            who: "r1".into(),
            what: String::new(),
            scene: Scene::Words,
            request: None,
            is_marked: false,
        }
    }

    #[test]
    fn of_messages_that_are_the_same_the_first_arrives_and_one_that_arrives_twice_left_once() {
        let travel = (Endpoint(0), Endpoint(1), 7);
        let mut travels = Travels::default();
        travels.leaves(travel, line(1), 0);
        travels.leaves(travel, line(2), 0);
        assert_eq!(travels.arrives(travel), Some(Instant::from_nanos(1)));
        assert_eq!(travels.arrives((Endpoint(1), Endpoint(0), 7)), None);
        assert_eq!(travels.arrives(travel), Some(Instant::from_nanos(2)));
        assert_eq!(travels.arrives(travel), Some(Instant::from_nanos(2)));
        assert_eq!(travels.lost(std::iter::empty()).count(), 0);
    }

    #[test]
    fn what_is_under_way_is_not_lost() {
        let travel = (Endpoint(0), Endpoint(1), 7);
        let mut travels = Travels::default();
        travels.leaves(travel, line(1), 0);
        travels.leaves(travel, line(2), 0);
        let lost: Vec<_> = travels.lost([travel].into_iter()).collect();
        assert_eq!(lost.len(), 1);
        assert_eq!(lost[0].line.at, Instant::from_nanos(1));
    }
}
