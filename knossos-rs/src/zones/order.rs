//! Writing out the order that the zones allow.

use super::blocks::Blocks;
use super::ops::{NONE, Op};
use super::zone::{self, Zone};

/// A linearization of the operations, by their numbers.
pub(super) fn write_out(ops: &[Op], blocks: &Blocks, zones: &[Zone]) -> Vec<u32> {
    let mut order = blocks.front.clone();
    order.sort_by_key(|number| ops[*number as usize].call);
    let reads = Reads::new(ops, blocks);
    if blocks.has_initial() {
        blocks.write_block(ops, 0, &reads, &mut order);
    }
    for zone in zone::topological(zones) {
        blocks.write_block(ops, zone.block, &reads, &mut order);
    }
    order
}

/// Reads by the state that they need, then by their calls.
struct Reads {
    numbers: Vec<u32>,
    /// Where the reads of each state begin.
    starts: Vec<u32>,
}

impl Reads {
    fn new(ops: &[Op], blocks: &Blocks) -> Reads {
        let mut is_front = blocks.front.iter().peekable();
        let mut reads: Vec<u32> = (0..ops.len() as u32).collect();
        reads.retain(|number| {
            ops[*number as usize].is_read() && is_front.next_if_eq(&number).is_none()
        });
        let mut ends = vec![0; blocks.stays.len() + 1];
        for number in &reads {
            ends[ops[*number as usize].needs as usize + 1] += 1;
        }
        for state in 1..ends.len() {
            ends[state] += ends[state - 1];
        }
        let starts = ends.clone();
        let mut numbers = vec![0; reads.len()];
        for number in reads {
            let end = &mut ends[ops[number as usize].needs as usize];
            numbers[*end as usize] = number;
            *end += 1;
        }
        for bounds in starts.windows(2) {
            let of_state = &mut numbers[bounds[0] as usize..bounds[1] as usize];
            of_state.sort_by_key(|number| ops[*number as usize].call);
        }
        Reads { numbers, starts }
    }

    fn of(&self, state: u32) -> &[u32] {
        let (start, end) = (self.starts[state as usize], self.starts[state as usize + 1]);
        &self.numbers[start as usize..end as usize]
    }
}

impl Blocks {
    fn write_block(&self, ops: &[Op], block: u32, reads: &Reads, order: &mut Vec<u32>) {
        let mut last = self.blocks[block as usize].head;
        let mut state = 0;
        loop {
            if last != NONE {
                order.push(last);
                state = ops[last as usize].leaves;
            }
            let stay = &self.stays[state as usize];
            if stay.block != block {
                break;
            }
            order.extend_from_slice(reads.of(state));
            last = stay.swap;
            if last == NONE {
                break;
            }
        }
    }
}
