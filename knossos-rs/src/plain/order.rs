//! Whether the stays of each part have an order.
//!
//! Stay `a` must come before stay `b` if the first return of `a` lies before the last call of
//! `b`; an order exists unless two must come before each other (see [`crate::zones`]). Its
//! *zone* lies between its first return and its last call, and is *forward* if it runs so. Two
//! stays must come before each other if two forward zones overlap, or a backward zone lies
//! within a forward one. All parts are gone through at once, by time.

use super::sight::Sight;
use super::stay::{NONE, Stay, Stays};
use crate::nearly_sorted;
use crate::report::Reason;
use crate::watch::Watch;

/// The zone of a stay.
#[derive(Clone, Copy)]
struct Zone {
    first_return: u64,
    last_call: u64,
    stay: u32,
    part: u32,
}

/// Precedes and contains nothing.
const NO_ZONE: Zone = Zone {
    first_return: u64::MAX,
    last_call: 0,
    stay: NONE,
    part: NONE,
};

impl Stays<'_> {
    /// Bytes that deciding so many operations takes at most.
    pub(super) fn memory_bytes_max(operations: usize) -> usize {
        operations * (size_of::<Stay>() + size_of::<Zone>() + 32)
    }

    /// Decides all plain parts.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn judge(&self, watch: &mut Watch) -> Result<Sight, Reason> {
        let mut found = Violations::none(self.cells.len());
        let judged = self.judge_all(&mut found, watch);
        if let Some((part, conflict)) = found.first {
            // The verdict stands; nobody knows of the others if time ran out.
            let cells = self.cells.iter().zip(&found.is_broken);
            let consistent =
                cells.map(|(cell, is_broken)| judged.is_ok() && cell.is_plain && !is_broken);
            return Ok(Sight::Violation(part, conflict, consistent.collect()));
        }
        judged?;
        let parts = self.cells.iter().enumerate();
        let left = parts.filter(|(_, cell)| !cell.is_plain);
        Ok(Sight::Undecided(left.map(|(part, _)| part).collect()))
    }

    /// Notes every plain part that has no order.
    fn judge_all(&self, found: &mut Violations, watch: &mut Watch) -> Result<(), Reason> {
        let mut zones = Vec::with_capacity(self.stays.len());
        for (number, stay) in (0..).zip(&self.stays) {
            watch.turn()?;
            let cell = &self.cells[stay.part as usize];
            // Nobody knows whether it happened, and nobody saw it.
            let is_idle = !stay.is_read() && stay.write_ret == u64::MAX;
            if !cell.is_plain || is_idle {
                continue;
            }
            let (first_return, last_call) = stay.bounds();
            if let Some(conflict) = conflict_within(stay) {
                found.note(stay.part, &conflict);
                if found.are_all() {
                    return Ok(());
                }
                continue;
            }
            if first_return < cell.empty_read_call {
                let [write, first, _] = stay.ends();
                found.note(stay.part, &[cell.empty_read, write, first]);
                if found.are_all() {
                    return Ok(());
                }
                continue;
            }
            zones.push(Zone {
                first_return,
                last_call,
                stay: number,
                part: stay.part,
            });
        }
        nearly_sorted::sort_by_key(&mut zones, |zone| zone.first_return);
        watch.look()?;
        // Forward zones of a part do not overlap so far, so only the last of them can reach on.
        let mut forward = vec![NO_ZONE; self.cells.len()];
        for zone in &zones {
            watch.turn()?;
            let before = &mut forward[zone.part as usize];
            if zone.first_return < before.last_call && before.first_return < zone.last_call {
                let ends = [before.stay, zone.stay].map(|stay| self.stays[stay as usize].ends());
                found.note(zone.part, ends.as_flattened());
                if found.are_all() {
                    return Ok(());
                }
            }
            if zone.first_return < zone.last_call {
                *before = *zone;
            }
        }
        Ok(())
    }
}

/// The parts that have no order.
struct Violations {
    /// The first of them that was found, and operations of it, ascending, that have none.
    first: Option<(usize, Vec<usize>)>,
    is_broken: Vec<bool>,
}

impl Violations {
    fn none(parts: usize) -> Violations {
        Violations {
            first: None,
            is_broken: vec![false; parts],
        }
    }

    /// Whether nothing more can be found, as there is no other part.
    fn are_all(&self) -> bool {
        self.is_broken.len() == 1 && self.first.is_some()
    }

    #[cold]
    fn note(&mut self, part: u32, numbers: &[u32]) {
        self.is_broken[part as usize] = true;
        if self.first.is_none() {
            let mut indices: Vec<usize> = numbers.iter().map(|number| *number as usize).collect();
            indices.sort_unstable();
            indices.dedup();
            self.first = Some((part as usize, indices));
        }
    }
}

/// Operations on one text that contradict each other: a read of what nobody wrote, or one that
/// returned before the write was called.
fn conflict_within(stay: &Stay) -> Option<Vec<u32>> {
    if stay.write == NONE {
        return Some(vec![stay.first_read]);
    }
    let is_early = stay.is_read() && stay.first_read_ret < stay.write_call;
    is_early.then(|| vec![stay.first_read, stay.write])
}
