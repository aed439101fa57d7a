//! One part of a history, prepared for the search.
//!
//! Operations are numbered anew: those with a known outcome first, in order of their calls, then
//! those without, likewise. Of each is noted what the search asks for all the time: its times,
//! its rank among the candidates, and its footprint with states as numbers.

use crate::entry::Entry;
use crate::interner::Interner;
use crate::model::OperationOf;
use crate::model::{Footprint, Leaves, Model};
use crate::report::Reason;
use crate::watch::Watch;

/// What the search notes of an operation.
pub(super) struct Local {
    /// Its index in the history.
    pub(super) index: usize,
    pub(super) call: u64,
    /// `u64::MAX`, which precedes nothing, if unknown.
    pub(super) ret: u64,
    /// Whether its outcome is known.
    pub(super) is_known: bool,
    /// Candidates are tried in ascending order of rank.
    pub(super) rank: u32,
    /// The caller hinted at a place for it.
    pub(super) is_hinted: bool,
    /// Possible in this state only.
    pub(super) needs: Option<u32>,
    /// May produce this state.
    pub(super) produces: Option<u32>,
    /// May produce any state.
    pub(super) is_wild: bool,
    /// Never changes the state.
    pub(super) is_read: bool,
    /// Possible in every state, and leaves one and the same.
    pub(super) is_blind: bool,
    /// Where it is possible, it leaves what it produces.
    pub(super) is_sure: bool,
}

impl Local {
    /// Whether it is a read of which it is known what it saw.
    pub(super) fn is_telling_read(&self) -> bool {
        self.is_read && self.needs.is_some()
    }
}

/// The operations of one part.
pub(super) struct Part<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    pub(super) locals: Vec<Local>,
    /// How many of them, from the front, have a known outcome.
    pub(super) known: usize,
    /// Unknown operations with a hint, ascending by rank.
    pub(super) hinted: Vec<u32>,
    /// Every operation is blind or possible in one state only, so a state matters to nothing but
    /// the operations that need it.
    pub(super) is_exact: bool,
}

impl<'a, M: Model> Part<'a, M> {
    /// Prepares the entries; numbers the states of their footprints.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn new(
        model: &'a M,
        history: &'a [OperationOf<M>],
        entries: impl Iterator<Item = Entry>,
        hints: Option<&[u64]>,
        states: &mut Interner<M::State>,
        watch: &mut Watch,
    ) -> Result<Part<'a, M>, Reason> {
        let mut locals: Vec<Local> = Vec::with_capacity(entries.size_hint().0);
        for entry in entries {
            locals.extend(prepare(model, &history[entry.index], entry, states));
            watch.turn()?;
        }
        watch.memory_bytes += locals.len() * size_of::<Local>() + states.memory_bytes();
        watch.look()?;
        locals_in_order(&mut locals);
        let known = locals.partition_point(|local| local.is_known);
        let mut order = ranked(&mut locals, hints, watch)?;
        order.retain(|local| *local as usize >= known && locals[*local as usize].is_hinted);
        let is_exact = locals
            .iter()
            .all(|local| local.is_blind || (local.needs.is_some() && !local.is_wild));
        watch.look()?;
        Ok(Part {
            model,
            history,
            locals,
            known,
            hinted: order,
            is_exact,
        })
    }

    /// The operation with this number.
    pub(super) fn local(&self, local: u32) -> &Local {
        &self.locals[local as usize]
    }

    /// Whether its outcome is known.
    pub(super) fn is_known(&self, local: u32) -> bool {
        (local as usize) < self.known
    }

    /// How many operations have an unknown outcome.
    pub(super) fn unknown(&self) -> usize {
        self.locals.len() - self.known
    }

    /// What the model says about the operation in this state.
    pub(super) fn step(&self, state: &M::State, local: u32) -> Option<M::State> {
        let operation = &self.history[self.local(local).index];
        self.model.step(state, &operation.input, self.output(local))
    }

    /// Whether two operations are the same, but for their times and clients.
    pub(super) fn is_same(&self, left: u32, right: u32) -> bool {
        let input = |local| &self.history[self.local(local).index].input;
        self.is_known(left) == self.is_known(right)
            && self.local(left).produces == self.local(right).produces
            && input(left) == input(right)
            && self.output(left) == self.output(right)
    }

    /// Whether operations that leave anything can turn the state into the later one.
    pub(super) fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        state == later || self.model.can_become(state, later)
    }

    /// About how many bytes a state takes beyond its own size.
    pub(super) fn state_bytes(&self, state: &M::State) -> usize {
        self.model.state_bytes(state)
    }

    fn output(&self, local: u32) -> Option<&'a M::Output> {
        let output = self.history[self.local(local).index].output.as_ref();
        output.filter(|_| self.is_known(local))
    }
}

/// Puts those with a known outcome first, each kind in order of their calls.
fn locals_in_order(locals: &mut [Local]) {
    locals.sort_by_key(|local| (!local.is_known, local.call, local.index));
}

/// Gives each operation its rank; their numbers in order of rank.
///
/// # Errors
///
/// When a limit is reached.
fn ranked(
    locals: &mut [Local],
    hints: Option<&[u64]>,
    watch: &mut Watch,
) -> Result<Vec<u32>, Reason> {
    let hint_of = |local: &Local| hints.map_or(u64::MAX, |hints| hints[local.index]);
    let mut order: Vec<u32> = (0..locals.len() as u32).collect();
    order.sort_by_key(|local| {
        let operation = &locals[*local as usize];
        (hint_of(operation), operation.ret, *local)
    });
    watch.look()?;
    for (rank, local) in order.iter().enumerate() {
        let hint = hint_of(&locals[*local as usize]);
        locals[*local as usize].rank = rank as u32;
        locals[*local as usize].is_hinted = hint != u64::MAX;
    }
    Ok(order)
}

/// Notes an operation; `None` if it cannot matter (an unknown operation that changes nothing).
fn prepare<M: Model>(
    model: &M,
    operation: &OperationOf<M>,
    entry: Entry,
    states: &mut Interner<M::State>,
) -> Option<Local> {
    let output = operation.output.as_ref().filter(|_| entry.ret.is_some());
    let footprint = model.footprint(&operation.input, output);
    let is_read = footprint.leaves == Leaves::Same;
    if is_read && entry.ret.is_none() {
        return None;
    }
    // What leaves one state is blind or possible in one state only.
    let is_sure = matches!(footprint.leaves, Leaves::Always(_));
    let is_wild = footprint.leaves == Leaves::Anything;
    let is_blind = is_blind(&footprint);
    let is_known = entry.ret.is_some();
    // What may change nothing is possible elsewhere, too; but if it is unknown, it need not be.
    let is_possible_elsewhere = is_known && matches!(footprint.leaves, Leaves::Sometimes(_));
    let needs = footprint.needs.filter(|_| !is_possible_elsewhere);
    Some(Local {
        index: entry.index,
        call: operation.call,
        ret: entry.ret.unwrap_or(u64::MAX),
        is_known,
        rank: 0,
        is_hinted: false,
        needs: needs.map(|state| states.intern(state).0),
        produces: match footprint.leaves {
            Leaves::Always(state) | Leaves::Sometimes(state) => Some(states.intern(state).0),
            Leaves::Same | Leaves::Anything => None,
        },
        is_wild,
        is_read,
        is_blind,
        is_sure,
    })
}

/// Possible in every state, and leaves one and the same.
fn is_blind<S>(footprint: &Footprint<S>) -> bool {
    footprint.needs.is_none() && matches!(footprint.leaves, Leaves::Always(_))
}
