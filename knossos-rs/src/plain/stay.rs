//! Stays: for each text of each part, who wrote it and who saw it.

use crate::fixed_hash::hash_text;
use crate::hash_index::HashIndex;
use crate::model::Plain;

/// No operation.
pub(super) const NONE: u32 = u32::MAX;

/// The time for which a part holds a text, as far as is known.
pub(super) struct Stay<'a> {
    text: &'a str,
    /// When its write was called and returned; `u64::MAX` if that is not known.
    pub(super) write_call: u64,
    pub(super) write_ret: u64,
    /// When the first read of it returned, and when the last one was called.
    pub(super) first_read_ret: u64,
    pub(super) last_read_call: u64,
    /// The write, those reads, or [`NONE`].
    pub(super) write: u32,
    pub(super) first_read: u32,
    pub(super) last_read: u32,
    pub(super) part: u32,
}

impl Stay<'_> {
    /// Whether anybody saw it.
    pub(super) fn is_read(&self) -> bool {
        self.first_read != NONE
    }

    /// The first return of any of its operations, and the last call.
    pub(super) fn bounds(&self) -> (u64, u64) {
        (
            self.write_ret.min(self.first_read_ret),
            self.write_call.max(self.last_read_call),
        )
    }

    /// The write, and those that returned first and were called last.
    pub(super) fn ends(&self) -> [u32; 3] {
        let is_first = self.is_read() && self.first_read_ret < self.write_ret;
        let is_last = self.is_read() && self.last_read_call > self.write_call;
        let first = if is_first {
            self.first_read
        } else {
            self.write
        };
        let last = if is_last { self.last_read } else { self.write };
        [self.write, first, last]
    }
}

/// A part, but for its stays.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    /// Nothing but reads and writes of distinct texts was seen.
    pub(super) is_plain: bool,
    /// The read of nothing that was called last, and when.
    pub(super) empty_read: u32,
    pub(super) empty_read_call: u64,
}

/// All stays of all parts, in order of their first operations.
pub(super) struct Stays<'a> {
    pub(super) stays: Vec<Stay<'a>>,
    pub(super) cells: Vec<Cell>,
    index: HashIndex,
}

impl<'a> Stays<'a> {
    /// No stays yet; room as for a history of so many operations, half of them writes.
    pub(super) fn with_room(operations: usize) -> Stays<'a> {
        // Half of the operations write, or a few more than that.
        let likely = operations / 2 + operations / 16;
        Stays {
            stays: Vec::with_capacity(likely),
            cells: Vec::new(),
            index: HashIndex::with_room(likely),
        }
    }

    /// Notes an operation of a part; `ret` is `None` if its outcome is unknown.
    #[inline]
    pub(super) fn add(
        &mut self,
        part: u32,
        index: u32,
        plain: Option<Plain<'a>>,
        call: u64,
        ret: Option<u64>,
    ) {
        if part as usize == self.cells.len() {
            self.cells.push(Cell {
                is_plain: true,
                empty_read: NONE,
                empty_read_call: 0,
            });
        }
        let cell = &mut self.cells[part as usize];
        match plain {
            _ if !cell.is_plain => {}
            Some(Plain::Nothing) => {}
            Some(Plain::Read(_)) if ret.is_none() => {}
            Some(Plain::Read(None)) => {
                if cell.empty_read == NONE || call > cell.empty_read_call {
                    (cell.empty_read, cell.empty_read_call) = (index, call);
                }
            }
            Some(Plain::Read(Some(text))) => {
                let ret = ret.unwrap_or(u64::MAX);
                self.stay(part, text).add_read(index, call, ret);
            }
            Some(Plain::Write(text)) => {
                let stay = self.stay(part, text);
                if stay.write == NONE {
                    stay.write = index;
                    (stay.write_call, stay.write_ret) = (call, ret.unwrap_or(u64::MAX));
                } else {
                    self.cells[part as usize].is_plain = false;
                }
            }
            None => cell.is_plain = false,
        }
    }

    #[inline]
    fn stay(&mut self, part: u32, text: &'a str) -> &mut Stay<'a> {
        let stays = &self.stays;
        let is_it = |number: u32| {
            let stay = &stays[number as usize];
            stay.part == part && stay.text == text
        };
        let next = u32::try_from(stays.len()).expect("fewer than 2^32 texts");
        let hash = hash_text(text, part.into());
        let known = self.index.find_or_insert(hash, next, is_it);
        if known.is_none() {
            self.stays.push(Stay {
                text,
                write_call: 0,
                write_ret: u64::MAX,
                first_read_ret: u64::MAX,
                last_read_call: 0,
                write: NONE,
                first_read: NONE,
                last_read: NONE,
                part,
            });
        }
        &mut self.stays[known.unwrap_or(next) as usize]
    }
}

impl Stay<'_> {
    fn add_read(&mut self, index: u32, call: u64, ret: u64) {
        if self.first_read == NONE || ret < self.first_read_ret {
            (self.first_read, self.first_read_ret) = (index, ret);
        }
        if self.last_read == NONE || call > self.last_read_call {
            (self.last_read, self.last_read_call) = (index, call);
        }
    }
}
