//! Zones: which blocks must come before which, and whether they all can.
//!
//! Block `a` must come before block `b` if an operation of `a` returned before one of `b` was
//! called: if the first return of `a` lies before the last call of `b`. If the blocks of a cycle
//! must come before each other, all of them must come before the one called last, and it before
//! one of them; so an order exists unless *two* blocks must come before each other.
//!
//! The *zone* of a block lies between its first return and its last call: it is *forward* if
//! it runs in that order, and otherwise *backward*. Two blocks must come before each other if
//! two forward zones overlap, or if a backward zone lies within a forward one.

use super::blocks::Blocks;
use super::ops::{NONE, Op};
use crate::report::Reason;
use crate::watch::Watch;

/// When a block's first operation returned and its last one was called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Zone {
    first_return: u64,
    last_call: u64,
    pub(super) block: u32,
}

impl Zone {
    /// Bytes that the zones of so many operations take at most.
    pub(super) fn memory_bytes_max(ops: usize) -> usize {
        ops * size_of::<Zone>()
    }

    fn is_forward(&self) -> bool {
        self.first_return < self.last_call
    }
}

/// The zones of all blocks but the initial one, or two blocks that must come before each other.
///
/// # Errors
///
/// When a limit is reached.
pub(super) fn consistent(
    ops: &[Op],
    blocks: &Blocks,
    watch: &mut Watch,
) -> Result<Result<Vec<Zone>, (u32, u32)>, Reason> {
    let zone = |block: u32| {
        let bounds = &blocks.blocks[block as usize];
        Zone {
            first_return: ops[bounds.first as usize].ret,
            last_call: ops[bounds.last as usize].call,
            block,
        }
    };
    // The initial block is the first one, and must come before all others.
    let initial = blocks
        .blocks
        .first()
        .filter(|block| block.head == NONE)
        .map(|_| zone(0));
    let start = u32::from(initial.is_some());
    let mut zones: Vec<Zone> = (start..blocks.blocks.len() as u32).map(zone).collect();
    watch.look()?;
    watch.sort_by_key(&mut zones, |zone| (zone.first_return, zone.block))?;
    let mut forward: Option<Zone> = None;
    for zone in &zones {
        if let Some(initial) = initial
            && zone.first_return < initial.last_call
        {
            return Ok(Err((initial.block, zone.block)));
        }
        // Forward zones do not overlap so far, so only the last of them can reach this far.
        if let Some(forward) = forward
            && zone.first_return < forward.last_call
            && forward.first_return < zone.last_call
        {
            return Ok(Err((forward.block, zone.block)));
        }
        if zone.is_forward() {
            forward = Some(*zone);
        }
    }
    Ok(Ok(zones))
}

/// The zones in an order in which the blocks can come, after the initial one: by where they
/// begin, a backward zone first.
pub(super) fn topological(zones: &[Zone]) -> Vec<Zone> {
    let mut zones = zones.to_vec();
    zones.sort_unstable_by_key(|zone| {
        let start = zone.first_return.min(zone.last_call);
        (start, zone.is_forward(), zone.block)
    });
    zones
}
