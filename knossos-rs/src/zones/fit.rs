//! Fitting reads into an order of other operations.
//!
//! The footprint of some reads says nothing; only the model knows where they are possible, such
//! as a compare-and-swap that did not match. They change nothing, so an order of the rest may
//! have places for them. Each goes to the first place that it can take: that is no loss, as a
//! read after it must come no earlier, and nothing else depends on it. So if an order has places
//! for all of them, they are found; but another order might have places where this one has none.

use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::report::Reason;

use super::ops::Op;

/// How many states are tried for one read.
const STATES_TRIED_MAX: usize = 64;

/// How many reads are fitted in between two looks at the clock.
const READS_PER_LOOK: usize = 256;

/// A read, and the place before which it goes.
struct Further {
    index: usize,
    call: u64,
    ret: u64,
    place: usize,
}

/// The order of the operations with the further reads, which have returned, in it, as indices
/// into the history; `None` if one of them found no place.
///
/// # Errors
///
/// When a limit is reached.
pub(super) fn fit_in<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    (ops, states): (&[Op], &crate::interner::Interner<M::State>),
    order: &[u32],
    further: &[u32],
    meter: &mut Meter,
) -> Result<Option<Vec<usize>>, Reason> {
    let places = Places::new(ops, order);
    let mut further: Vec<Further> = further
        .iter()
        .map(|index| {
            let (index, operation) = (*index as usize, &history[*index as usize]);
            let (call, ret) = (operation.call, operation.ret.expect("it has returned"));
            Further {
                index,
                call,
                ret,
                place: 0,
            }
        })
        .collect();
    let mut returned = in_order(&mut further).into_iter().peekable();
    let mut earliest = 0;
    for position in 0..further.len() {
        if position % READS_PER_LOOK == 0
            && let Some(reason) = meter.ran_out(0)
        {
            return Err(reason);
        }
        let Further {
            index, call, ret, ..
        } = further[position];
        // What returned before this was called, was called before this, so it has its place.
        while let Some(before) = returned.next_if(|before| further[*before].ret < call) {
            earliest = earliest.max(further[before].place);
        }
        let (first, last) = places.between(call, ret);
        let operation = &history[index];
        let mut place = first.max(earliest);
        let mut tried = 0;
        while place <= last && tried < STATES_TRIED_MAX {
            meter.step();
            let state = states.get(places.states[place]);
            if model
                .step(state, &operation.input, operation.output.as_ref())
                .is_some()
            {
                break;
            }
            place = places.next_change[place] as usize;
            tried += 1;
        }
        if place > last || tried == STATES_TRIED_MAX {
            return Ok(None);
        }
        further[position].place = place;
    }
    Ok(Some(merged(ops, order, further)))
}

/// Puts the reads in the order of their calls; their positions in the order of their returns.
fn in_order(further: &mut [Further]) -> Vec<usize> {
    further.sort_unstable_by_key(|read| (read.call, read.index));
    let mut by_return: Vec<usize> = (0..further.len()).collect();
    by_return.sort_unstable_by_key(|position| (further[*position].ret, *position));
    by_return
}

/// The order with the reads at their places, as indices into the history.
fn merged(ops: &[Op], order: &[u32], mut further: Vec<Further>) -> Vec<usize> {
    further.sort_by_key(|read| read.place);
    let mut merged = Vec::with_capacity(order.len() + further.len());
    let mut further = further.into_iter().peekable();
    for place in 0..=order.len() {
        while let Some(read) = further.next_if(|read| read.place == place) {
            merged.push(read.index);
        }
        merged.extend(
            order
                .get(place)
                .map(|number| ops[*number as usize].index as usize),
        );
    }
    merged
}

/// The places of an order: before each operation, and after all of them.
struct Places {
    /// The state at each place.
    states: Vec<u32>,
    /// The next place with another state than each.
    next_change: Vec<u32>,
    /// The latest call up to each operation.
    latest_call: Vec<u64>,
    /// The earliest return from each operation on.
    earliest_return: Vec<u64>,
}

impl Places {
    fn new(ops: &[Op], order: &[u32]) -> Places {
        let op = |number: &u32| &ops[*number as usize];
        let mut states = vec![0];
        let mut latest_call = Vec::with_capacity(order.len());
        let mut latest = 0;
        for number in order {
            let before = *states.last().expect("it begins with one");
            let after = if op(number).is_read() {
                before
            } else {
                op(number).leaves
            };
            states.push(after);
            latest = op(number).call.max(latest);
            latest_call.push(latest);
        }
        let mut next_change = vec![states.len() as u32; states.len()];
        for place in (0..order.len()).rev() {
            next_change[place] = if states[place] == states[place + 1] {
                next_change[place + 1]
            } else {
                place as u32 + 1
            };
        }
        let mut earliest_return = vec![u64::MAX; order.len()];
        let mut earliest = u64::MAX;
        for (place, number) in order.iter().enumerate().rev() {
            earliest = op(number).ret.min(earliest);
            earliest_return[place] = earliest;
        }
        Places {
            states,
            next_change,
            latest_call,
            earliest_return,
        }
    }

    /// The first and the last place for an operation with these times.
    fn between(&self, call: u64, ret: u64) -> (usize, usize) {
        let first = self
            .earliest_return
            .partition_point(|earliest| *earliest < call);
        let last = self.latest_call.partition_point(|latest| *latest <= ret);
        (first, last)
    }
}
