//! Clusters as property tests draw them.

use std::ops::RangeInclusive;

use omnisim::systems::omnipaxos::{MissedTicks, Quorum, TakeOutgoing, Tuning};
use omnisim::units::Time;
use proptest::prelude::*;

/// What the clusters of a property are drawn from.
pub(crate) struct Clusters {
    pub(crate) replicas: RangeInclusive<u64>,
    /// In milliseconds.
    pub(crate) tick: RangeInclusive<u64>,
    /// The ticks until an election, until a message is sent again, and until a batch leaves.
    pub(crate) timers: fn() -> BoxedStrategy<(u64, u64, u64)>,
    pub(crate) batch_max: u32,
    pub(crate) buffer_max: u32,
    /// Whether some replicas may be preferred to others.
    pub(crate) priorities: bool,
    /// How probable it is that sessions make a retry harmless.
    pub(crate) dedup: f64,
    /// In milliseconds: how long messages may wait to be taken.
    pub(crate) taken_every: RangeInclusive<u64>,
}

/// A time in milliseconds.
pub(crate) fn millis(range: RangeInclusive<u64>) -> impl Strategy<Value = Time> {
    range.prop_map(Time::from_millis)
}

/// Quorums of which any two of different kinds meet, as the library demands.
fn quorum(replicas: u64) -> impl Strategy<Value = Option<Quorum>> {
    let flexible = (2..=replicas, 2..=replicas).prop_map(move |(one, other)| {
        let (write, read) = (one.min(other), one.max(other));
        (read + write > replicas).then_some(Quorum { read, write })
    });
    prop_oneof![Just(None), flexible]
}

fn priorities(replicas: u64, are_drawn: bool) -> BoxedStrategy<Option<Vec<u32>>> {
    if are_drawn {
        prop::option::of(prop::collection::vec(0u32..4, replicas as usize)).boxed()
    } else {
        Just(None).boxed()
    }
}

prop_compose! {
    /// The number of replicas, and how they are tuned.
    pub(crate) fn cluster(of: &'static Clusters)(replicas in of.replicas.clone())(
        replicas in Just(replicas),
        quorum in quorum(replicas),
        tick in millis(of.tick.clone()),
        (election_ticks, resend_ticks, flush_ticks) in (of.timers)(),
        batch_size in prop_oneof![Just(1u32), 2..=of.batch_max],
        buffer_size in 1..=of.buffer_max,
        priorities in priorities(replicas, of.priorities),
        initial_leader in prop::option::of(1..=replicas),
        burst in any::<bool>(),
        dedup in prop::bool::weighted(of.dedup),
        take_outgoing in prop_oneof![
            Just(TakeOutgoing::EachEvent),
            Just(TakeOutgoing::Batch),
            millis(of.taken_every.clone()).prop_map(TakeOutgoing::Every),
        ],
    ) -> (u64, Tuning) {
        let tuning = Tuning {
            quorum,
            tick,
            election_ticks,
            resend_ticks,
            flush_ticks,
            batch_size,
            buffer_size,
            priorities: priorities.unwrap_or_default(),
            initial_leader,
            missed_ticks: if burst { MissedTicks::Burst } else { MissedTicks::Collapse },
            dedup,
            take_outgoing,
            ..Tuning::default()
        };
        (replicas, tuning)
    }
}
