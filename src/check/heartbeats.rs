//! What replicas answer heartbeats with, and the circle in which an election
//! can be caught.
//!
//! A replica that is content does not stand for election, and it is content as
//! long as the one that it takes for the leader is. Where replica 1 takes 2 for
//! the leader and 2 takes 1, each is content because the other is: neither will
//! ever lead, and nobody else may, because they are content. One that is discontent
//! changes nothing: whoever takes it for the leader is discontent in the next round,
//! when it is content again, so that discontent goes round and never is everybody's.

use simulated_clock::Instant;

use super::per_replica::PerReplica;
use crate::observation::{Ballot, ReplicaId};

/// A replica's part in the election, by its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// The ballot in which it would lead.
    pub ballot: Ballot,
    /// The ballot that it takes for the leader's.
    pub follows: Ballot,
    /// Whether it is content with that leader.
    pub happy: bool,
    /// When this was heard.
    pub heard: Instant,
}

/// What every replica last said.
#[derive(Clone, Debug)]
pub(super) struct Heartbeats {
    replicas: u64,
    said: PerReplica<Option<Heartbeat>>,
}

impl Heartbeats {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            replicas,
            said: PerReplica::new(replicas),
        }
    }

    /// A replica's heartbeat was heard.
    pub(super) fn hear(&mut self, of: ReplicaId, heartbeat: Heartbeat) {
        self.said[of] = Some(heartbeat);
    }

    /// Replicas of `core` of which each takes the next for the leader, the last
    /// takes the first, and not all are discontent. It begins with its lowest.
    pub(super) fn circle(&self, core: &[ReplicaId]) -> Option<Vec<ReplicaId>> {
        let is_content = |replica: &ReplicaId| self.said[*replica].is_some_and(|said| said.happy);
        let circle = self.round(core)?;
        circle.iter().any(is_content).then_some(circle)
    }

    /// Such a circle in what was heard at `now`, content or not.
    pub(super) fn circle_at(&self, now: Instant) -> Option<Vec<ReplicaId>> {
        let heard: Vec<_> = self.heard_at(now).map(|(replica, _)| replica).collect();
        self.round(&heard)
    }

    /// Who took `leader` for the leader, in a ballot of this number, as heard at `now`.
    pub(super) fn follower_at(
        &self,
        now: Instant,
        leader: ReplicaId,
        number: u32,
    ) -> Option<ReplicaId> {
        let mut heard = self.heard_at(now);
        let follows = |said: Heartbeat| (said.follows.replica, said.follows.number);
        let found = heard.find(|(_, said)| follows(*said) == (leader, number));
        found.map(|(replica, _)| replica)
    }

    fn heard_at(&self, now: Instant) -> impl Iterator<Item = (ReplicaId, Heartbeat)> {
        let said = (1..=self.replicas).filter_map(|replica| Some((replica, self.said[replica]?)));
        said.filter(move |(_, said)| said.heard == now)
    }

    fn round(&self, core: &[ReplicaId]) -> Option<Vec<ReplicaId>> {
        let circles = core
            .iter()
            .filter_map(|first| self.circle_from(core, *first));
        circles.min()
    }

    fn circle_from(&self, core: &[ReplicaId], first: ReplicaId) -> Option<Vec<ReplicaId>> {
        let mut circle = vec![first];
        loop {
            let last = *circle.last().expect("it has a first");
            let next = self.next(last).filter(|next| core.contains(next))?;
            if next == first {
                return Some(circle);
            }
            if circle.contains(&next) {
                // The way from here leads into a circle without being on it.
                return None;
            }
            circle.push(next);
        }
    }

    /// Whom a replica takes for the leader: another, in the ballot that this one
    /// has now.
    fn next(&self, replica: ReplicaId) -> Option<ReplicaId> {
        let heartbeat = self.said[replica]?;
        let next = heartbeat.follows.replica;
        let stands = (next != replica).then(|| self.said[next])??;
        (stands.ballot == heartbeat.follows).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ballot(number: u32, replica: ReplicaId) -> Ballot {
        Ballot {
            number,
            priority: 0,
            replica,
        }
    }

    /// Replica i + 1 stands in ballot 1 and follows the given one.
    fn heartbeats(follows: &[(Ballot, bool)]) -> Heartbeats {
        let mut heartbeats = Heartbeats::new(follows.len() as u64);
        for (replica, (follows, happy)) in (1..).zip(follows) {
            let heartbeat = Heartbeat {
                ballot: ballot(1, replica),
                follows: *follows,
                happy: *happy,
                heard: Instant::ZERO,
            };
            heartbeats.hear(replica, heartbeat);
        }
        heartbeats
    }

    fn following(leaders: &[ReplicaId]) -> Heartbeats {
        let follows = leaders.iter().map(|leader| (ballot(1, *leader), true));
        let follows: Vec<_> = follows.collect();
        heartbeats(&follows)
    }

    #[test]
    fn two_that_follow_each_other_are_a_circle_and_their_followers_are_not_on_it() {
        assert_eq!(following(&[2, 1, 2]).circle(&[1, 2, 3]), Some(vec![1, 2]));
        assert_eq!(following(&[3, 3, 2]).circle(&[1, 2, 3]), Some(vec![2, 3]));
        assert_eq!(
            following(&[2, 3, 1]).circle(&[1, 2, 3]),
            Some(vec![1, 2, 3])
        );
    }

    #[test]
    fn what_was_heard_at_another_time_or_in_another_ballot_says_nothing_of_a_takeover() {
        let (then, now) = (Instant::ZERO, Instant::from_nanos(1));
        let discontent = heartbeats(&[(ballot(1, 2), true), (ballot(1, 1), false)]);
        assert_eq!(discontent.circle_at(then), Some(vec![1, 2]));
        assert_eq!(discontent.circle_at(now), None);
        assert_eq!(discontent.follower_at(then, 1, 1), Some(2));
        assert_eq!(discontent.follower_at(then, 1, 2), None);
        assert_eq!(discontent.follower_at(now, 1, 1), None);
    }

    #[test]
    fn a_leader_that_follows_itself_makes_no_circle() {
        assert_eq!(following(&[3, 3, 3]).circle(&[1, 2, 3]), None);
        assert_eq!(following(&[2, 3, 3]).circle(&[1, 2, 3]), None);
    }

    #[test]
    fn one_discontent_goes_round_in_it_and_that_of_all_breaks_it() {
        let one = heartbeats(&[(ballot(1, 2), true), (ballot(1, 1), false)]);
        assert_eq!(one.circle(&[1, 2]), Some(vec![1, 2]));
        let all = heartbeats(&[(ballot(1, 2), false), (ballot(1, 1), false)]);
        assert_eq!(all.circle(&[1, 2]), None);
    }

    #[test]
    fn who_stands_in_another_ballot_or_is_cut_off_breaks_it() {
        let of_the_past = heartbeats(&[(ballot(1, 2), true), (ballot(0, 1), true)]);
        assert_eq!(of_the_past.circle(&[1, 2]), None);
        assert_eq!(following(&[2, 1, 2]).circle(&[2, 3]), None);
        assert_eq!(Heartbeats::new(3).circle(&[1, 2, 3]), None);
    }

    proptest! {
        /// Whoever follows a chain for long enough walks in its circle.
        #[test]
        fn a_circle_is_found_if_and_only_if_some_chain_never_ends(
            leaders in prop::collection::vec(1u64..=6, 6),
        ) {
            let core: Vec<_> = (1..=6).collect();
            let ends = |first: ReplicaId| {
                let mut at = first;
                for _ in 0..10 {
                    let next = leaders[at as usize - 1];
                    if next == at {
                        return true;
                    }
                    at = next;
                }
                false
            };
            let found = following(&leaders).circle(&core);
            prop_assert_eq!(found.is_none(), core.iter().all(|first| ends(*first)), "{:?}", found);
            if let Some(circle) = found {
                for (place, replica) in circle.iter().enumerate() {
                    let next = circle[(place + 1) % circle.len()];
                    prop_assert_eq!(leaders[*replica as usize - 1], next);
                }
            }
        }
    }
}
