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

/// Program order.
pub(super) fn before(earlier: &KvOperation, later: &KvOperation) -> bool {
    earlier.client == later.client && earlier.precedes(later)
}

/// Whether writes come in this order by what is taken for granted; `earlier` may be a read.
fn write_order(order: WriteOrder, earlier: &KvOperation, later: &KvOperation) -> bool {
    !is_read(later)
        && match order {
            WriteOrder::Program => !is_read(earlier) && before(earlier, later),
            WriteOrder::RealTime => earlier.precedes(later),
        }
}

pub(super) fn is_sequential(history: &[KvOperation]) -> bool {
    has_order(history, &before)
}

pub(super) fn has_monotonic_reads(history: &[KvOperation], order: WriteOrder) -> bool {
    each_key(history, |history| {
        has_order(history, &|earlier, later| {
            write_order(order, earlier, later)
                || (is_read(earlier) && is_read(later) && before(earlier, later))
        })
    })
}

pub(super) fn reads_its_writes(history: &[KvOperation], order: WriteOrder) -> bool {
    each_key(history, |history| {
        has_order(history, &|earlier, later| {
            write_order(order, earlier, later)
                || (!is_read(earlier) && is_read(later) && before(earlier, later))
        })
    })
}

pub(super) fn is_stale_by_at_most(history: &[KvOperation], bound: u64) -> bool {
    each_key(history, |history| {
        has_order(history, &|earlier, later| {
            let is_reflected = !is_read(earlier)
                && is_read(later)
                && earlier.ret.is_some_and(|ret| ret + bound < later.call);
            is_reflected || write_order(WriteOrder::RealTime, earlier, later)
        })
    })
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

/// Whether all known and some unknown operations fit into one order that keeps the relation.
fn has_order(history: &[KvOperation], comes_before: Relation) -> bool {
    let mut taken = vec![false; history.len()];
    completes(history, comes_before, &mut BTreeMap::new(), &mut taken)
}

type States = BTreeMap<crate::Text, Option<crate::Text>>;

fn completes(
    history: &[KvOperation],
    comes_before: Relation,
    states: &mut States,
    taken: &mut [bool],
) -> bool {
    let left: Vec<usize> = (0..history.len()).filter(|index| !taken[*index]).collect();
    if left.iter().all(|index| history[*index].output.is_none()) {
        return true;
    }
    left.iter().any(|next| {
        let operation = &history[*next];
        let waits = |other: &usize| {
            other != next
                && history[*other].output.is_some()
                && comes_before(&history[*other], operation)
        };
        if left.iter().any(waits) {
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
        let completes = completes(history, comes_before, states, taken);
        taken[*next] = false;
        states.insert(key.clone(), state);
        completes
    })
}

/// Whether the guarantee about the writes of others holds, where every value is put once and
/// nothing but puts and gets occurs.
pub(super) fn has_guarantee(
    history: &[KvOperation],
    guarantee: Guarantee,
    order: WriteOrder,
) -> bool {
    let written: Vec<Option<usize>> = history.iter().map(|read| source(history, read)).collect();
    let is_known_read = |index: usize| is_read(&history[index]) && history[index].output.is_some();
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
                Guarantee::MonotonicWrites if !is_read(earlier) && before(earlier, write) => {
                    pairs.push((v, w));
                }
                Guarantee::WritesFollowReads if is_known_read(v) && before(earlier, write) => {
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
                        || !write_order(order, earlier, &history[*later])
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
                    !before(&history[*first], &history[*second])
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
