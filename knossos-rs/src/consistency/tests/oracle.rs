//! The definitions, word for word, by brute force.

use std::collections::BTreeMap;

use super::KvOperation;
use crate::consistency::{Guarantee, WriteOrder};
use crate::models::kv::{KeyValue, Op, Output};
use crate::{Leaves, Model};

pub(super) fn is_read(operation: &KvOperation) -> bool {
    let footprint = KeyValue.footprint(&operation.input, operation.output.as_ref());
    footprint.leaves == Leaves::Same
}

/// A mistake that a checker of weaker levels could make. (That operations of unknown outcome
/// must take effect is none here: they could always come last.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// The order of each client does not count.
    ForgetsProgramOrder,
    /// All clients are taken for one.
    MixesClients,
    /// What ends as another begins comes before it.
    OrdersEqualTimes,
    /// What the level adds to the order of writes is left out.
    ForgetsTheGuarantee,
    /// The order of writes is left out.
    ForgetsTheWrites,
    /// The order of writes is another than was asked for.
    TakesTheOtherOrder,
    /// A write just as old as the bound has to be seen, too.
    IsStricterThanTheBound,
    /// Writes may be missed for longer than the bound.
    IsLaxerThanTheBound,
    /// Operations of unknown outcome never take effect.
    DropsUnknown,
    /// What goes across keys is looked at key by key.
    JudgesKeysApart,
}

/// All of them.
pub(super) const BUGS: [Bug; 10] = [
    Bug::ForgetsProgramOrder,
    Bug::MixesClients,
    Bug::OrdersEqualTimes,
    Bug::ForgetsTheGuarantee,
    Bug::ForgetsTheWrites,
    Bug::TakesTheOtherOrder,
    Bug::IsStricterThanTheBound,
    Bug::IsLaxerThanTheBound,
    Bug::DropsUnknown,
    Bug::JudgesKeysApart,
];

/// The definitions, or with a mistake in them.
#[derive(Clone, Copy, Default)]
pub(super) struct Oracle {
    pub(super) bug: Option<Bug>,
}

impl Oracle {
    fn has(self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn precedes(self, earlier: &KvOperation, later: &KvOperation) -> bool {
        earlier.precedes(later)
            || (self.has(Bug::OrdersEqualTimes)
                && earlier.ret == Some(later.call)
                && earlier.call < later.call)
    }

    /// Program order.
    fn before(self, earlier: &KvOperation, later: &KvOperation) -> bool {
        (earlier.client == later.client || self.has(Bug::MixesClients))
            && !self.has(Bug::ForgetsProgramOrder)
            && self.precedes(earlier, later)
    }

    /// Program order, as far as the level adds it.
    fn adds(self, earlier: &KvOperation, later: &KvOperation) -> bool {
        !self.has(Bug::ForgetsTheGuarantee) && self.before(earlier, later)
    }

    /// Whether writes come in this order by what is taken for granted; `earlier` may be a read.
    fn write_order(self, order: WriteOrder, earlier: &KvOperation, later: &KvOperation) -> bool {
        let by_program = (order == WriteOrder::Program) != self.has(Bug::TakesTheOtherOrder);
        if is_read(later) || self.has(Bug::ForgetsTheWrites) {
            false
        } else if by_program {
            !is_read(earlier) && self.before(earlier, later)
        } else {
            self.precedes(earlier, later)
        }
    }

    pub(super) fn is_sequential(self, history: &[KvOperation]) -> bool {
        let has_order =
            |history: &[KvOperation]| self.has_order(history, &|a, b| self.before(a, b));
        if self.has(Bug::JudgesKeysApart) {
            each_key(history, has_order)
        } else {
            has_order(history)
        }
    }

    pub(super) fn has_monotonic_reads(self, history: &[KvOperation], order: WriteOrder) -> bool {
        each_key(history, |history| {
            self.has_order(history, &|earlier, later| {
                self.write_order(order, earlier, later)
                    || (is_read(earlier) && is_read(later) && self.adds(earlier, later))
            })
        })
    }

    pub(super) fn reads_its_writes(self, history: &[KvOperation], order: WriteOrder) -> bool {
        each_key(history, |history| {
            self.has_order(history, &|earlier, later| {
                self.write_order(order, earlier, later)
                    || (!is_read(earlier) && is_read(later) && self.adds(earlier, later))
            })
        })
    }

    pub(super) fn is_stale_by_at_most(self, history: &[KvOperation], bound: u64) -> bool {
        let is_older = |ret: u64, call: u64| match self.bug {
            Some(Bug::ForgetsTheGuarantee) => false,
            Some(Bug::IsStricterThanTheBound) => ret + bound <= call && ret < call,
            Some(Bug::IsLaxerThanTheBound) => ret + bound + 1 < call,
            _ => ret + bound < call,
        };
        each_key(history, |history| {
            self.has_order(history, &|earlier, later| {
                let is_reflected = !is_read(earlier)
                    && is_read(later)
                    && earlier.ret.is_some_and(|ret| is_older(ret, later.call));
                is_reflected || self.write_order(WriteOrder::RealTime, earlier, later)
            })
        })
    }
}

fn each_key(history: &[KvOperation], holds: impl Fn(&[KvOperation]) -> bool) -> bool {
    let mut keys: BTreeMap<_, Vec<KvOperation>> = BTreeMap::new();
    for operation in history {
        keys.entry(operation.input.key.clone())
            .or_default()
            .push(operation.clone());
    }
    keys.values().all(|history| holds(history))
}

type Relation<'a> = &'a dyn Fn(&KvOperation, &KvOperation) -> bool;

type States = BTreeMap<crate::Text, Option<crate::Text>>;

impl Oracle {
    /// Whether all known and some unknown operations fit into one order that keeps the relation.
    fn has_order(self, history: &[KvOperation], comes_before: Relation) -> bool {
        let mut taken = vec![false; history.len()];
        self.completes(history, comes_before, &mut BTreeMap::new(), &mut taken)
    }

    fn completes(
        self,
        history: &[KvOperation],
        comes_before: Relation,
        states: &mut States,
        taken: &mut [bool],
    ) -> bool {
        let left: Vec<usize> = (0..history.len()).filter(|index| !taken[*index]).collect();
        let is_unknown = |index: usize| history[index].output.is_none();
        if left.iter().all(|index| is_unknown(*index)) {
            return true;
        }
        left.iter().any(|next| {
            let operation = &history[*next];
            let waits = |other: &usize| {
                other != next && !is_unknown(*other) && comes_before(&history[*other], operation)
            };
            let never_happened = is_unknown(*next) && self.has(Bug::DropsUnknown);
            if never_happened || left.iter().any(waits) {
                return false;
            }
            let key = &operation.input.key;
            let state = states.get(key).cloned().unwrap_or_default();
            let output = operation.output.as_ref();
            let Some(after) = KeyValue.step(&state, &operation.input, output) else {
                return false;
            };
            states.insert(key.clone(), after);
            taken[*next] = true;
            let completes = self.completes(history, comes_before, states, taken);
            taken[*next] = false;
            states.insert(key.clone(), state);
            completes
        })
    }
}

impl Oracle {
    /// Whether the guarantee about the writes of others holds, where every value is put once and
    /// nothing but puts and gets occurs.
    pub(super) fn has_guarantee(
        self,
        history: &[KvOperation],
        guarantee: Guarantee,
        order: WriteOrder,
    ) -> bool {
        let written: Vec<Option<usize>> =
            history.iter().map(|read| source(history, read)).collect();
        let is_known_read =
            |index: usize| is_read(&history[index]) && history[index].output.is_some();
        let reads: Vec<usize> = (0..history.len())
            .filter(|index| is_known_read(*index))
            .collect();
        let is_nowhere = |read: &usize| {
            written[*read].is_none() && history[*read].output != Some(Output::Value(None))
        };
        if reads.iter().any(is_nowhere) {
            return false;
        }
        // Every `(v, w)` of which `v` is to be seen before `w`.
        let mut pairs = Vec::new();
        for (w, write) in history
            .iter()
            .enumerate()
            .filter(|(_, write)| !is_read(write))
        {
            for (v, earlier) in history.iter().enumerate() {
                match guarantee {
                    Guarantee::MonotonicWrites
                        if !is_read(earlier) && self.adds(earlier, write) =>
                    {
                        pairs.push((v, w));
                    }
                    Guarantee::WritesFollowReads
                        if is_known_read(v) && self.adds(earlier, write) =>
                    {
                        pairs.extend(written[v].map(|v| (v, w)));
                    }
                    _ => {}
                }
            }
        }
        each_key(history, |of_key| {
            let key = &of_key[0].input.key;
            let writes: Vec<usize> = (0..history.len())
                .filter(|index| !is_read(&history[*index]) && history[*index].input.key == *key)
                .collect();
            permutations(&writes).iter().any(|permutation| {
                let place = |write: usize| permutation.iter().position(|other| *other == write);
                // The initial value comes first.
                let place_seen =
                    |read: usize| written[read].map_or(0, |write| 1 + place(write).unwrap());
                let keeps_order = writes.iter().all(|later| {
                    history.iter().enumerate().all(|(index, earlier)| {
                        if earlier.input.key != *key
                            || index == *later
                            || !self.write_order(order, earlier, &history[*later])
                        {
                            return true;
                        }
                        let place_of_earlier = match is_read(earlier) {
                            true => place_seen(index),
                            false => 1 + place(index).unwrap(),
                        };
                        place_of_earlier < 1 + place(*later).unwrap()
                    })
                });
                let same_key = |v: usize, w: usize| history[v].input.key == history[w].input.key;
                let follows = pairs.iter().all(|(v, w)| {
                    guarantee == Guarantee::MonotonicWrites
                        || history[*v].input.key != *key
                        || !same_key(*v, *w)
                        || place(*v) < place(*w)
                });
                let is_seen = reads.iter().all(|first| {
                    reads.iter().all(|second| {
                        !self.adds(&history[*first], &history[*second])
                            || history[*second].input.key != *key
                            || pairs.iter().all(|(v, w)| {
                                written[*first] != Some(*w)
                                    || history[*v].input.key != *key
                                    || (place_seen(*second) > place(*v).unwrap()
                                        && !(same_key(*v, *w) && written[*second] == Some(*v)))
                            })
                    })
                });
                keeps_order && follows && is_seen
            })
        })
    }
}

/// The put that wrote what a get saw.
fn source(history: &[KvOperation], read: &KvOperation) -> Option<usize> {
    let Some(Output::Value(Some(value))) = &read.output else {
        return None;
    };
    history.iter().position(|write| {
        write.input.key == read.input.key && write.input.op == Op::Put(value.clone())
    })
}

fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    let Some((last, rest)) = items.split_last() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for place in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(place, *last);
            all.push(longer);
        }
    }
    all
}
