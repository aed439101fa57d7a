//! A search: the configuration that it has come to, and what it remembers.

use super::frame::{Alternative, Frame};
use super::growth::Growth;
use super::ledger::Ledger;
use super::memo::Memo;
use super::part::{Local, Part};
use super::timeline::Timeline;
use super::turns::Turns;
use crate::entry::Entry;
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::report::Reason;
use crate::watch::Watch;

/// A search over one part of a history.
pub(crate) struct Search<'a, M: Model> {
    pub(super) part: Part<'a, M>,
    pub(super) states: Interner<M::State>,
    pub(super) state_bytes: usize,
    pub(super) timeline: Timeline,
    /// A bit for each unknown operation in use.
    pub(super) used: Vec<u64>,
    pub(super) ledger: Ledger,
    pub(super) growth: Growth,
    /// Made when the search first turns back.
    pub(super) twins: Option<Vec<Option<u32>>>,
    pub(super) memo: Memo,
    pub(super) key: Vec<u64>,
    /// The operations of the present move, with the state after each.
    pub(super) path: Vec<(u32, u32)>,
    pub(super) frames: Vec<Frame>,
    /// The order so far.
    pub(super) trail: Vec<u32>,
    pub(super) alternatives: usize,
    /// Alternatives that were compared since the clock was looked at.
    pub(super) compared: u64,
    pub(super) deepest: Deepest,
    pub(super) is_started: bool,
    pub(super) turns: Turns,
    /// The limit that was reached in the middle of a move.
    pub(super) interrupted: Option<Reason>,
}

/// The most known operations that were ever in order when nothing fitted any more.
#[derive(Default)]
pub(super) struct Deepest {
    pub(super) known: usize,
    pub(super) trail: Vec<u32>,
    pub(super) candidates: Vec<u32>,
}

impl<'a, M: Model> Search<'a, M> {
    /// A search over these operations of the history. `elsewhere_bytes` is memory that counts,
    /// too.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(crate) fn new(
        model: &'a M,
        history: &'a [OperationOf<M>],
        entries: impl Iterator<Item = Entry>,
        hints: Option<&[u64]>,
        meter: &Meter,
        elsewhere_bytes: usize,
    ) -> Result<Search<'a, M>, Reason> {
        let mut watch = Watch::new(meter, elsewhere_bytes);
        let mut entries = entries.peekable();
        let initial = match entries.peek() {
            Some(first) => model.initial_of(&history[first.index].input),
            None => model.initial(),
        };
        let mut states = Interner::new();
        let initial = states.intern(initial).0;
        assert_eq!(initial, 0, "the initial state is the first one");
        let part = Part::new(model, history, entries, hints, &mut states, &mut watch)?;
        let known = &part.locals[..part.known];
        let times: Vec<(u64, u64)> = known.iter().map(|local| (local.call, local.ret)).collect();
        let ledger = Ledger::new(&part, states.len());
        let growth = Growth::new(&part);
        let used = vec![0; part.unknown().div_ceil(64)];
        let timeline = Timeline::new(&times);
        watch.look()?;
        let operations = part.locals.len();
        Ok(Search {
            timeline,
            part,
            state_bytes: (0..states.len() as u32)
                .map(|state| model.state_bytes(states.get(state)))
                .sum(),
            states,
            used,
            ledger,
            growth,
            twins: None,
            memo: Memo::new(),
            key: Vec::new(),
            path: Vec::new(),
            frames: Vec::new(),
            trail: Vec::new(),
            alternatives: 0,
            compared: 0,
            deepest: Deepest::default(),
            is_started: false,
            turns: Turns::new(operations, meter.steps()),
            interrupted: None,
        })
    }

    /// Bytes in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memo.memory_bytes()
            + self.states.memory_bytes()
            + self.state_bytes
            + self.alternatives * size_of::<Alternative>()
            + self.frames.len() * size_of::<Frame>()
            + self.part.locals.len() * (size_of::<Local>() + 16)
            + self.turns.memory_bytes()
    }

    /// Whether any configuration has failed yet.
    pub(super) fn has_turned_back(&self) -> bool {
        self.twins.is_some()
    }

    /// Whether the unknown operation is in use.
    pub(super) fn is_used(&self, local: u32) -> bool {
        let bit = local as usize - self.part.known;
        self.used[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// Whether the read fits the state.
    pub(super) fn reads(&mut self, state: u32, local: u32, meter: &mut Meter) -> bool {
        match self.part.local(local).needs {
            Some(needed) => needed == state,
            None => {
                meter.step();
                self.part.step(self.states.get(state), local).is_some()
            }
        }
    }

    pub(super) fn is_known_to_fail(&mut self, state: u32) -> bool {
        if self.memo.is_empty() {
            return false;
        }
        self.write_key(state);
        self.memo.fails(&self.key, &self.used)
    }

    /// Writes the key of the present configuration: the state and the candidates. Those tell
    /// all that is left: the earliest return among them is the earliest of all, so what was
    /// called later is untouched, and what was called before it and is no candidate is taken.
    pub(super) fn write_key(&mut self, state: u32) {
        self.key.clear();
        self.key.push(state.into());
        let mut walk = self.timeline.walk();
        let (mut word, mut bits) = (u32::MAX, 0);
        while let Some(local) = walk.step(&self.timeline) {
            if local / 64 != word {
                if bits != 0 {
                    self.key.extend([word.into(), bits]);
                }
                (word, bits) = (local / 64, 0);
            }
            bits |= 1 << (local % 64);
        }
        self.key.extend([word.into(), bits]);
    }

    /// Puts an operation next in the order.
    pub(super) fn take(&mut self, local: u32) {
        if self.part.is_known(local) {
            self.timeline.take(local);
        } else {
            let bit = local as usize - self.part.known;
            debug_assert!(self.used[bit / 64] >> (bit % 64) & 1 == 0, "used twice");
            self.used[bit / 64] |= 1 << (bit % 64);
        }
        self.ledger.take(self.part.local(local));
        self.trail.push(local);
    }

    /// Takes the order back to this length.
    pub(super) fn undo_to(&mut self, length: usize) {
        while self.trail.len() > length {
            let local = self.trail.pop().expect("longer than length");
            if self.part.is_known(local) {
                self.timeline.put_back(local);
            } else {
                let bit = local as usize - self.part.known;
                self.used[bit / 64] &= !(1 << (bit % 64));
            }
            self.ledger.put_back(self.part.local(local));
        }
    }

    /// The number of a state.
    pub(super) fn intern(&mut self, state: M::State) -> u32 {
        let bytes = self.part.state_bytes(&state);
        let (number, is_new) = self.states.intern(state);
        if is_new {
            self.state_bytes += bytes;
        }
        number
    }
}
