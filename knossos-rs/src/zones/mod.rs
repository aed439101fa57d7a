//! Zones: objects whose states are each left by one operation, decided in O(n log n).
//!
//! Deciding linearizability of a register is NP-complete; it is easy when every read can be
//! mapped to its write (Gibbons and Korach, "Testing shared memories", SIAM Journal on Computing
//! 26(4), 1997, section 4), as when values are written once. This is their algorithm on
//! *blocks* ([`blocks`]) and *zones* ([`zone`]), in terms of footprints ([`crate::Footprint`]),
//! so it serves every model that tells them. Beyond reads and writes it decides:
//!
//! - *Unknown outcomes.* A write that may have happened did if its value was read, and returned
//!   never; if not, it need not have happened. So they cost nothing.
//! - *Compare-and-swap* that matched, when what it leaves is left by nothing else: a block goes
//!   on through it. One of unknown outcome happened if what it leaves is needed.
//! - *Compare-and-swap that did not match*, and any read of which only the model knows where it
//!   is possible: the order found for the rest is tried with them in it ([`fit`]). If they
//!   fit, the history is linearizable; if the rest has no order, it is not; otherwise nothing is
//!   said.
//! - *Deletes* and absent keys: the initial state may come back once. Reads of it that fit at the
//!   very beginning belong there, any others to the one operation that brings it back. With two
//!   or more such operations and a read that needs one of them, nothing is said.
//!
//! Where nothing is said, the search decides. Time is O(n log n) for two sorts, otherwise linear;
//! memory about 150 bytes for an operation.

mod blocks;
mod fit;
mod ops;
mod order;
mod zone;

#[cfg(test)]
pub(crate) mod tests;

use crate::entry::Entry;
use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::parts::Parts;
use crate::report::Reason;
use crate::watch::Watch;

use blocks::{Blocks, Built};
use ops::Op;
pub(crate) use ops::Ops;
use zone::Zone;

/// What the zones say about a part.
pub(crate) enum Finding {
    /// It is linearizable.
    Consistent(Order),
    /// It is not, and neither are these operations of it by themselves.
    Violation(Vec<usize>),
}

/// A linearization, not yet written out.
pub(crate) struct Order {
    ops: Vec<Op>,
    blocks: Blocks,
    zones: Vec<Zone>,
    /// Written out already, if reads had to be fitted in.
    written: Option<Vec<usize>>,
}

impl Order {
    /// The order, as indices into the history.
    pub(crate) fn into_indices(self) -> Vec<usize> {
        let Order {
            ops,
            blocks,
            zones,
            written,
        } = self;
        written.unwrap_or_else(|| to_indices(&ops, &order::write_out(&ops, &blocks, &zones)))
    }
}

/// Decides a part of a history, if it is of the kind that zones decide.
///
/// # Errors
///
/// When time or memory runs out.
pub(crate) fn decide<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    entries: impl Iterator<Item = Entry>,
    meter: &mut Meter,
    elsewhere_bytes: usize,
) -> Result<Option<Finding>, Reason> {
    let mut ops = Ops::with_room(entries.size_hint().0);
    let mut watch = Watch::new(meter, 0);
    for entry in entries {
        if !ops.add(model, &history[entry.index], entry) {
            return Ok(None);
        }
        watch.memory_bytes = ops.memory_bytes() + elsewhere_bytes;
        watch.turn()?;
    }
    judge(model, history, ops, meter, elsewhere_bytes)
}

/// The operations of each of these parts, ascending, for [`judge`]; `None` for a part that zones
/// do not decide. They are taken in order of the history: what comes together there, lies
/// together in memory.
///
/// # Errors
///
/// When time or memory runs out.
pub(crate) fn gather<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    parts: &Parts,
    chosen: &[usize],
    meter: &Meter,
) -> Result<Vec<Option<Ops<M>>>, Reason> {
    let mut found: Vec<Option<Ops<M>>> = (0..parts.len()).map(|_| None).collect();
    for part in chosen {
        found[*part] = Some(Ops::with_room(parts.operations(*part)));
    }
    let mut watch = Watch::new(meter, 0);
    watch.memory_bytes = found.iter().flatten().map(Ops::memory_bytes).sum();
    watch.look()?;
    for (entry, part) in parts.numbered(history) {
        let place = &mut found[part];
        if let Some(ops) = place {
            watch.memory_bytes -= ops.memory_bytes();
            let is_known_kind = ops.add(model, &history[entry.index], entry);
            watch.memory_bytes += ops.memory_bytes();
            if !is_known_kind {
                watch.memory_bytes -= ops.memory_bytes();
                *place = None;
            }
        }
        watch.turn()?;
    }
    Ok(chosen.iter().map(|part| found[*part].take()).collect())
}

/// Decides a part by its operations, if it is of the kind that zones decide.
///
/// # Errors
///
/// When time or memory runs out.
pub(crate) fn judge<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    found: Ops<M>,
    meter: &mut Meter,
    elsewhere_bytes: usize,
) -> Result<Option<Finding>, Reason> {
    let Ops {
        ops,
        opaque,
        uncertain,
        states,
    } = &found;
    let bytes = found.memory_bytes()
        + Blocks::memory_bytes_max(ops.len(), states.len())
        + Zone::memory_bytes_max(ops.len());
    let mut watch = Watch::new(meter, bytes + elsewhere_bytes);
    watch.look()?;
    let violation = |numbers: &[u32]| {
        let mut indices = to_indices(ops, numbers);
        indices.sort_unstable();
        indices.dedup();
        Ok(Some(Finding::Violation(indices)))
    };
    let blocks = match Blocks::build(ops, states.len().max(1), uncertain, &mut watch)? {
        Built::Blocks(blocks) => blocks,
        Built::Conflict(conflict) => return violation(&conflict),
        Built::Ambiguous => return Ok(None),
    };
    let zones = match zone::consistent(ops, &blocks, &mut watch)? {
        Ok(zones) => zones,
        Err((one, other)) => return violation(&blocks.conflict(ops, one, other)),
    };
    let mut written = None;
    if !opaque.is_empty() {
        let order = order::write_out(ops, &blocks, &zones);
        written = fit::fit_in(model, history, (ops, states), &order, opaque, meter)?;
        if written.is_none() {
            return Ok(None);
        }
    }
    let Ops { ops, .. } = found;
    Ok(Some(Finding::Consistent(Order {
        ops,
        blocks,
        zones,
        written,
    })))
}

fn to_indices(ops: &[Op], numbers: &[u32]) -> Vec<usize> {
    let index = |number: &u32| ops[*number as usize].index as usize;
    numbers.iter().map(index).collect()
}
