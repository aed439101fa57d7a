//! Blocks: operations that follow each other without anything in between, whatever the order.
//!
//! If a state is left by one operation only, every operation that needs it comes after that
//! one and before the next change. So a write and the reads of what it wrote are a *block*, the
//! cluster of Gibbons and Korach. A compare-and-swap that matched ends the stay in one state and
//! begins that in the next: it makes one block of two. The initial state begins a block without
//! a write, which comes before all others.

use super::ops::{NONE, Op};
use crate::report::Reason;
use crate::watch::Watch;

/// One stay in a state that is needed: who leads to it, who needs it, who ends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    /// The only operation that leaves the state; [`NONE`] for the initial one.
    pub(super) origin: u32,
    /// How many operations leave the state.
    origins: u32,
    /// Whether an operation of unknown outcome may leave it as well, nobody knows from where.
    is_uncertain: bool,
    /// The read that returned first and the one called last.
    first_read: u32,
    last_read: u32,
    /// The swap that needs the state.
    pub(super) swap: u32,
    /// The block, and the place of the stay in it.
    pub(super) block: u32,
    pub(super) depth: u32,
}

const UNUSED: Stay = Stay {
    origin: NONE,
    origins: 0,
    is_uncertain: false,
    first_read: NONE,
    last_read: NONE,
    swap: NONE,
    block: NONE,
    depth: 0,
};

impl Stay {
    /// Whether it is known that one operation alone leaves the state.
    fn has_one_origin(&self) -> bool {
        self.origins == 1 && !self.is_uncertain
    }

    fn is_needed(&self) -> bool {
        self.needer() != NONE
    }

    /// An operation that needs the state, if any does.
    fn needer(&self) -> u32 {
        if self.first_read == NONE {
            self.swap
        } else {
            self.first_read
        }
    }
}

/// Operations that follow each other, by their numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// The operation that it begins with; [`NONE`] for the initial block.
    pub(super) head: u32,
    /// The operation that returned first, and the one that was called last.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// How the operations of a part fall into blocks.
pub(super) struct Blocks {
    pub(super) blocks: Vec<Block>,
    pub(super) stays: Vec<Stay>,
    /// Reads of the initial state that nothing but such reads precedes; they come first, and
    /// are in no block.
    pub(super) front: Vec<u32>,
    /// The operation that returned first, of those that are no reads of the initial state.
    opener: u32,
}

/// What the blocks show by themselves.
pub(super) enum Built {
    Blocks(Blocks),
    /// These operations contradict each other.
    Conflict(Vec<u32>),
    /// A state that is needed has more than one operation that leaves it.
    Ambiguous,
}

impl Blocks {
    /// Bytes that the blocks of so many operations and states take at most.
    pub(super) fn memory_bytes_max(ops: usize, states: usize) -> usize {
        ops * size_of::<Block>() + states * size_of::<Stay>()
    }

    /// Puts the operations into blocks; `uncertain` are states that nobody knows who left.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn build(
        ops: &[Op],
        states: usize,
        uncertain: &[u32],
        watch: &mut Watch,
    ) -> Result<Built, Reason> {
        let mut blocks = Blocks {
            blocks: Vec::new(),
            stays: vec![UNUSED; states],
            front: Vec::new(),
            opener: NONE,
        };
        for (number, op) in numbered(ops) {
            if op.leaves != NONE {
                let stay = &mut blocks.stays[op.leaves as usize];
                stay.origin = number;
                stay.origins += 1;
            }
            watch.turn()?;
        }
        for state in uncertain {
            blocks.stays[*state as usize].is_uncertain = true;
        }
        blocks.find_front(ops);
        watch.look()?;
        if let Some(built) = blocks.note_needs(ops, watch)? {
            return Ok(built);
        }
        for (state, stay) in blocks.stays.iter().enumerate() {
            if stay.is_needed() && (stay.origins > 1 || stay.is_uncertain) {
                return Ok(Built::Ambiguous);
            }
            if stay.is_needed() && stay.origins == 0 && state != 0 {
                let conflict = blocks.with_support(ops, &[stay.needer()]);
                return Ok(Built::Conflict(conflict));
            }
        }
        Ok(match blocks.chain(ops, watch)? {
            Some(conflict) => Built::Conflict(conflict),
            None => Built::Blocks(blocks),
        })
    }

    /// Whether the initial block has anything in it.
    pub(super) fn has_initial(&self) -> bool {
        self.stays[0].origins == 0 && self.stays[0].is_needed()
    }

    /// If the initial state can come back, finds the reads of it that saw it before anything else
    /// happened. A read that fits at the very beginning may as well be there; any other is
    /// preceded by something that comes after the beginning.
    fn find_front(&mut self, ops: &[Op]) {
        if self.stays[0].origins == 0 {
            return;
        }
        let is_initial_read = |op: &Op| op.needs == 0 && op.is_read();
        let others = numbered(ops).filter(|(_, op)| !is_initial_read(op));
        let Some((opener, first)) = others.min_by_key(|(_, op)| op.ret) else {
            return;
        };
        self.opener = opener;
        self.front = numbered(ops)
            .filter(|(_, op)| is_initial_read(op) && op.call <= first.ret)
            .map(|(number, _)| number)
            .collect();
    }

    /// Notes who needs each state. An operation of unknown outcome took effect if what only it
    /// leaves is needed; then it needs something, too. Gives what that shows by itself.
    fn note_needs(&mut self, ops: &[Op], watch: &mut Watch) -> Result<Option<Built>, Reason> {
        let front = std::mem::take(&mut self.front);
        let mut is_front = front.iter().peekable();
        let mut open = Vec::new();
        for (number, op) in numbered(ops) {
            watch.turn()?;
            if is_front.next_if_eq(&&number).is_some() || !op.is_known || op.needs == NONE {
                continue;
            }
            open.push(number);
            while let Some(number) = open.pop() {
                let op = &ops[number as usize];
                if op.is_swap() && op.needs == 0 && self.stays[0].origins > 0 {
                    // From the beginning, or after the state came back?
                    return Ok(Some(Built::Ambiguous));
                }
                let was_needed = self.stays[op.needs as usize].is_needed();
                if let Some(rival) = self.note_need(ops, number) {
                    let conflict = self.with_support(ops, &[rival, number]);
                    return Ok(Some(Built::Conflict(conflict)));
                }
                let stay = &self.stays[op.needs as usize];
                if !was_needed && stay.has_one_origin() {
                    let origin = &ops[stay.origin as usize];
                    if !origin.is_known && origin.is_swap() {
                        open.push(stay.origin);
                    }
                }
            }
        }
        self.front = front;
        Ok(None)
    }

    /// Notes one need; gives the other swap if there are two and cannot be.
    fn note_need(&mut self, ops: &[Op], number: u32) -> Option<u32> {
        let op = &ops[number as usize];
        let stay = &mut self.stays[op.needs as usize];
        if op.is_read() {
            if stay.first_read == NONE || op.ret < ops[stay.first_read as usize].ret {
                stay.first_read = number;
            }
            if stay.last_read == NONE || op.call > ops[stay.last_read as usize].call {
                stay.last_read = number;
            }
            return None;
        }
        if stay.swap == NONE {
            stay.swap = number;
            return None;
        }
        // With several ways into the state there can be several out of it.
        (stay.origins <= 1 && !stay.is_uncertain).then_some(stay.swap)
    }

    /// Follows every block from its head through its swaps, and checks the order inside.
    fn chain(&mut self, ops: &[Op], watch: &mut Watch) -> Result<Option<Vec<u32>>, Reason> {
        let mut swaps_seen = 0;
        if self.has_initial()
            && let Some(conflict) = self.follow(ops, NONE, &mut swaps_seen, watch)?
        {
            return Ok(Some(conflict));
        }
        for (number, op) in numbered(ops) {
            let is_head =
                op.needs == NONE && (op.is_known || self.stays[op.leaves as usize].is_needed());
            if is_head && let Some(conflict) = self.follow(ops, number, &mut swaps_seen, watch)? {
                return Ok(Some(conflict));
            }
        }
        let happened = |stay: &&Stay| stay.swap != NONE;
        if self.stays.iter().filter(happened).count() == swaps_seen {
            return Ok(None);
        }
        // Swaps without a beginning: each needs what only another of them leaves.
        let mut stays = self.stays.iter();
        let circle = stays.find(|stay| stay.block == NONE && stay.swap != NONE);
        Ok(circle.map(|circle| self.with_support(ops, &[circle.swap])))
    }

    fn follow(
        &mut self,
        ops: &[Op],
        head: u32,
        swaps_seen: &mut usize,
        watch: &mut Watch,
    ) -> Result<Option<Vec<u32>>, Reason> {
        let number = self.blocks.len() as u32;
        let mut block = Block {
            head,
            first: NONE,
            last: NONE,
        };
        if head != NONE {
            block.add(ops, head, head);
        }
        let mut state = if head == NONE {
            0
        } else {
            ops[head as usize].leaves
        };
        for depth in 0.. {
            watch.turn()?;
            let stay = &mut self.stays[state as usize];
            if !stay.is_needed() {
                break;
            }
            (stay.block, stay.depth) = (number, depth);
            let Stay {
                first_read,
                last_read,
                swap,
                ..
            } = *stay;
            for (first, last) in [(first_read, last_read), (swap, swap)] {
                if first == NONE {
                    continue;
                }
                // What comes later in the block must not end before what comes earlier begins.
                if block.last != NONE && ops[first as usize].ret < ops[block.last as usize].call {
                    return Ok(Some(self.with_support(ops, &[first, block.last])));
                }
                block.add(ops, first, last);
            }
            if swap == NONE {
                break;
            }
            *swaps_seen += 1;
            state = ops[swap as usize].leaves;
        }
        self.blocks.push(block);
        Ok(None)
    }

    /// The operations that make two blocks come before each other.
    pub(super) fn conflict(&self, ops: &[Op], one: u32, other: u32) -> Vec<u32> {
        let ends = [one, other].map(|block| self.blocks[block as usize]);
        let ends: Vec<u32> = ends
            .iter()
            .flat_map(|block| [block.first, block.last])
            .collect();
        self.with_support(ops, &ends)
    }

    /// The operations with those that show that they happened, and those without which they
    /// would see a state from nowhere, or might be at the very beginning.
    fn with_support(&self, ops: &[Op], numbers: &[u32]) -> Vec<u32> {
        let mut supported = Vec::new();
        for number in numbers {
            self.add_support(ops, *number, &mut supported);
        }
        let sees_initial = supported
            .iter()
            .any(|number: &u32| ops[*number as usize].needs == 0);
        if sees_initial && self.opener != NONE && ops[self.opener as usize].is_known {
            self.add_support(ops, self.opener, &mut supported);
        }
        supported
    }

    fn add_support(&self, ops: &[Op], number: u32, supported: &mut Vec<u32>) {
        let mut number = number;
        while !ops[number as usize].is_known {
            number = self.stays[ops[number as usize].leaves as usize].needer();
        }
        // A circle of swaps leads nowhere.
        for _ in 0..ops.len() {
            supported.push(number);
            let needs = ops[number as usize].needs;
            if needs == NONE || self.stays[needs as usize].origin == NONE {
                break;
            }
            number = self.stays[needs as usize].origin;
        }
    }
}

impl Block {
    /// Adds operations of which `first` returned first and `last` was called last.
    fn add(&mut self, ops: &[Op], first: u32, last: u32) {
        if self.first == NONE || ops[first as usize].ret < ops[self.first as usize].ret {
            self.first = first;
        }
        if self.last == NONE || ops[last as usize].call > ops[self.last as usize].call {
            self.last = last;
        }
    }
}

fn numbered(ops: &[Op]) -> impl Iterator<Item = (u32, &Op)> {
    (0..).zip(ops)
}
