//! Plain registers: histories of reads and writes, decided in one pass over all parts.
//!
//! The same theorem as in [`crate::zones`] (Gibbons and Korach 1997), for the commonest case
//! alone: every operation reads or writes a text ([`Plain`]), and no text is written twice to the
//! same part. Then a *stay*, the time for which a part holds one text, is all that has to be
//! known: who wrote it, which read of it returned first, which was called last. Nothing is
//! copied, no operation is noted, and what lies together in the history is looked at together.
//!
//! Unknown outcomes: a write that may have happened did if its text was read, and returned never;
//! if not, it need not have happened.
//!
//! A part with any other operation is left to others. Time is O(n) for operations that come
//! nearly in order of time, otherwise O(n log n); memory about 55 bytes for an operation where half of
//! them write, and more than twice that where all do.

mod order;
mod sight;
mod stay;

#[cfg(test)]
mod tests;

use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::parts::{Parting, Parts};
use crate::report::Reason;
use crate::watch::Watch;

pub(crate) use sight::Sight;
use stay::Stays;

/// Finds the parts of a history, and decides those that are plain, if memory allows.
///
/// # Errors
///
/// When time runs out; then nothing is known.
///
/// # Panics
///
/// When an operation is not well formed.
pub(crate) fn look_over<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    meter: &Meter,
) -> Result<(Parts, Sight), Reason> {
    let has_room = Stays::memory_bytes_max(history.len()) <= meter.memory_left(0) / 4;
    let mut stays = has_room.then(|| Stays::with_room(history.len()));
    let mut parting = Parting::with_room(history.len());
    let mut watch = Watch::new(meter, 0);
    for (index, operation) in (0..).zip(history) {
        assert!(
            operation.is_well_formed(),
            "operation {index} of the history is malformed"
        );
        let was_whole = parting.is_whole() || index == 0;
        let part = parting.add(model.partition(&operation.input));
        if let Some(known) = &mut stays {
            if parting.is_whole() && !was_whole {
                // What was taken for parts is none.
                stays = None;
            } else {
                let plain = model.plain(&operation.input, operation.output.as_ref());
                known.add(part, index, plain, operation.call, operation.ret);
            }
        }
        watch.turn()?;
    }
    let parts = parting.finish();
    let sight = match stays {
        Some(stays) => stays.judge(&mut watch)?,
        None => Sight::Undecided((0..parts.len()).collect()),
    };
    Ok((parts, sight))
}
