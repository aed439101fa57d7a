//! Weaker promises than linearizability, checked on the same histories.
//!
//! A weak read may be stale; what it still promises is a *level*. Every level here says that an
//! explanation exists, and a check looks for it, so a history is a violation only if there is
//! none. In all of them:
//!
//! - *Before, for one client* (program order): `a` comes before `b` if both are of one client and
//!   `a` returned before `b` was called. Operations of one client that overlap, or meet at one
//!   nanosecond, are in no order.
//! - *Outcome unknown*: the operation may have taken effect, or not, whatever explains best. It
//!   never returned, so it comes before nothing; what its client had done before its call comes
//!   before it.
//! - A *read* is an operation that the model says leaves the state as it is
//!   ([`Leaves::Same`](crate::Leaves)), every other one is a *write*: also a compare-and-swap
//!   that succeeded, which sees what it replaces where it takes effect.
//!
//! # Sequential consistency
//!
//! All operations, of all keys, fit into one order that the model allows and that keeps the
//! program order of each client (Lamport, "How to make a multiprocessor computer that correctly
//! executes multiprocess programs", 1979). Unlike linearizability it is not local: every key
//! can have such an order while the whole history has none, so the search goes across keys.
//! Deciding it is NP-complete even where every value is written once (Gibbons and Korach,
//! "Testing shared memories", 1997). It is
//! - *answered quickly* where the history is linearizable (which implies it), where one key alone
//!   has no order, and where a value was read that nobody can have written;
//! - *polynomial* for a fixed number `k` of clients whose operations do not overlap, if the
//!   outcomes are known: at most `n^k` sets of operations can have come first, each with the
//!   states that it can leave;
//! - otherwise *a search within [`Limits`]*, which answers "unknown" where they end it.
//!
//! # The guarantees of a session
//!
//! A client is a session. Terry, Demers, Petersen, Spreitzer, Theimer and Welch ("Session
//! guarantees for weakly consistent replicated data", 1994) define the four by what servers
//! hold; Viotti and Vukolić ("Consistency in non-transactional distributed storage systems",
//! 2016) by visibility and one arbitration order. A history of calls and answers shows neither,
//! so here each is defined by what can be seen from outside. For each key there is one order of
//! its writes that the model allows, the same for all clients, in which writes of one client
//! keep its program order ([`WriteOrder::Program`]); each read has a place in it, where the
//! model allows what it saw. Unwritten, the initial state comes before all writes. The writes
//! that a read *reflects* are those before its place. Then, for one client:
//!
//! - *Monotonic reads*: a read reflects what the client's earlier reads of the key did.
//! - *Read your writes*: a read reflects the client's earlier writes of the key.
//! - *Monotonic writes*: the order of writes already says it; what another client sees of it is
//!   this. Let a client write `v` and then `w`, of any keys. A client that reads `w` and then
//!   reads the key of `v` sees `v` or something newer; and not `v` itself, if it is the same key.
//! - *Writes follow reads*: the same for every `v` that the writer of `w` had *read* before it
//!   wrote `w`; and of one key, such a `v` comes before `w` in the order of writes.
//!
//! Monotonic reads and read your writes are checked key by key, the other two across keys.
//! Sequential consistency implies all four, and linearizability implies them under either
//! [`WriteOrder`]; a test holds both.
//!
//! *Where every value of a key is written once*, by blind writes, and reads tell one value, the
//! answer is exact, and costs `O(n log n)`; for the last two guarantees `O(n c log n)` with `c`
//! clients. *Elsewhere* (values written twice, deletes, appends, compare-and-swap) monotonic
//! reads and read your writes are a search within [`Limits`], key by key, exact where it ends.
//! The last two speak of who wrote what was read, which is ambiguous there: the history is
//! consistent if it is linearizable or (with [`WriteOrder::Program`]) sequentially consistent, a
//! violation if the order of writes alone is impossible or the keys with distinct values break
//! the guarantee, and otherwise unknown, with [`Reason::RepeatedValues`].
//!
//! # Bounded staleness
//!
//! Writes take effect in real time ([`WriteOrder::RealTime`]), and a read reflects at least
//! every write of its key that returned more than the bound before the read was called (the
//! `t`-visibility of Bailis et al., "Probabilistically bounded staleness", 2012, held with
//! certainty). With a bound of zero, all that linearizability has over this is that one read may
//! miss a write under way that an earlier read has seen, as in a regular register (Lamport, "On
//! interprocess communication", 1986). Key by key, exact in `O(n log n)` where values are
//! written once, otherwise a search within [`Limits`].

mod decide;
mod excerpt;
mod level;
mod order;
mod shrink;
mod versions;

#[cfg(test)]
mod tests;

use crate::check::check_linearizable;
use crate::clients::Clients;
use crate::limits::{Limits, Meter};
use crate::model::{Model, OperationOf};
use crate::parts::Parting;
use crate::report::{Progress, Reason, Report, Verdict};
use crate::watch::Watch;

pub use level::{Consistency, Guarantee, WriteOrder};

/// Decides whether the history keeps what the level promises.
///
/// The report is that of [`check`](fn@crate::check), but for [`Consistency::Linearizable`] its violations name no
/// culprit, and for the guarantees of a session, nothing explained.
///
/// # Panics
///
/// When an operation is not [well formed](crate::Operation::is_well_formed).
///
/// ```
/// use std::time::Duration;
///
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::{Consistency, Guarantee, Limits, Operation, Verdict, WriteOrder, check_consistency};
///
/// let read = |client, value: &str, at| {
///     let seen = Output::Value(Some(value.into()));
///     Operation::completed(client, Input::Read, seen, at, at + 10)
/// };
/// let history = [
///     Operation::completed(1, Input::Write("old".into()), Output::Done, 0, 10),
///     Operation::completed(1, Input::Write("new".into()), Output::Done, 20, 30),
///     read(2, "new", 40),
///     read(3, "old", 60), // stale, but by another client
/// ];
/// let verdict = |history: &[_], level| {
///     check_consistency(&Register, history, level, &Limits::none()).verdict
/// };
/// let monotonic_reads = Consistency::Session(Guarantee::MonotonicReads, WriteOrder::Program);
/// let at_most = |bound| Consistency::BoundedStaleness(Duration::from_nanos(bound));
/// assert!(matches!(verdict(&history, Consistency::Linearizable), Verdict::Violation(_)));
/// assert_eq!(verdict(&history, Consistency::Sequential), Verdict::Consistent);
/// assert_eq!(verdict(&history, monotonic_reads), Verdict::Consistent);
/// assert_eq!(verdict(&history, at_most(30)), Verdict::Consistent);
/// assert!(matches!(verdict(&history, at_most(29)), Verdict::Violation(_)));
///
/// let mut back = history.to_vec();
/// back.push(read(2, "old", 80));
/// assert!(matches!(verdict(&back, monotonic_reads), Verdict::Violation(_)));
/// ```
pub fn check_consistency<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    level: Consistency,
    limits: &Limits,
) -> Report {
    check_metered(model, history, level, Meter::start(limits))
}

/// As [`check_consistency`], with what the meter has left.
pub(crate) fn check_metered<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    level: Consistency,
    meter: Meter,
) -> Report {
    if level == Consistency::Linearizable {
        return check_linearizable(model, history, meter);
    }
    check_level(model, history, level, meter)
}

/// As [`check_consistency`], at a level below linearizable.
fn check_level<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    level: Consistency,
    mut meter: Meter,
) -> Report {
    let (verdict, keys) = match by_key(model, history, &mut Watch::new(&meter, 0)) {
        Ok((operations, keys)) => {
            let question = decide::Question {
                model,
                history,
                operations: &operations,
                keys,
                level,
            };
            (question.decide(&mut meter), keys)
        }
        Err(reason) => {
            let progress = Progress::default();
            (Verdict::Unknown { reason, progress }, 0)
        }
    };
    let mut clients = Clients::default();
    for operation in history {
        clients.add(operation.client);
    }
    Report {
        verdict,
        operations: history.len(),
        partitions: keys,
        clients: clients.count(),
        steps: meter.steps(),
    }
}

/// Every operation with the number of its key, and how many keys there are; one if any
/// operation touches everything.
fn by_key<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    watch: &mut Watch,
) -> Result<(Vec<(usize, u32)>, usize), Reason> {
    let mut parting = Parting::with_room(history.len());
    let mut operations = Vec::with_capacity(history.len());
    for (index, operation) in history.iter().enumerate() {
        assert!(
            operation.is_well_formed(),
            "operation {index} of the history is malformed"
        );
        operations.push((index, parting.add(model.partition(&operation.input))));
        watch.turn()?;
    }
    if parting.is_whole() {
        for (_, key) in &mut operations {
            *key = 0;
        }
    }
    Ok((operations, parting.finish().len()))
}
