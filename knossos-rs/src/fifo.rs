//! Queues of distinct values, decided in O(n log n).
//!
//! Where no value is put in twice, a dequeue tells which enqueue it belongs to, and a history is
//! linearizable unless it shows one of four patterns (Henzinger, Sezgin and Vafeiadis,
//! "Aspect-oriented linearizability proofs", CONCUR 2013; Bouajjani, Emmi, Enea and Hamza, "On
//! reducing linearizability to state reachability", ICALP 2015):
//!
//! 1. a value is taken that nobody put in, or before anybody did;
//! 2. a value is taken twice;
//! 3. a value is put in after another, and taken although that one is taken later, or never;
//! 4. the queue is found empty while at every moment some value is in it for sure.
//!
//! Unknown outcomes: an enqueue whose value was taken happened, and returned never; one whose
//! value was not need not have happened. A dequeue of unknown outcome may have taken any one
//! value: those that pattern 3 asks for are given to such dequeues, the most urgent value to the
//! dequeue that was called first. Where some dequeue found the queue empty, too, nothing is said;
//! nor where a value is put in twice. Then the search decides.
//!
//! Lee and Mathur ("Efficient decrease-and-conquer linearizability monitoring", 2024) decide
//! stacks and sets as well, by taking out values one by one.

#[cfg(test)]
mod tests;

use crate::entry::Entry;
use crate::fixed_hash::hash_text;
use crate::hash_index::HashIndex;
use crate::limits::Meter;
use crate::model::{Model, OperationOf, Queued};
use crate::report::Reason;
use crate::watch::Watch;

/// What was found about a part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    Consistent,
    /// Operations that are a violation by themselves, ascending.
    Violation(Vec<usize>),
}

/// When an operation was called and returned, `u64::MAX` if it never did, and its index.
#[derive(Clone, Copy, Debug)]
struct Span {
    call: u64,
    ret: u64,
    index: usize,
}

/// A value: who put it in, and who took it.
struct Value<'a> {
    text: &'a str,
    put: Option<Span>,
    taken: Option<Span>,
}

/// A value that was put in.
#[derive(Clone, Copy, Debug)]
struct Stay {
    put: Span,
    taken: Option<Span>,
}

impl Stay {
    /// When it may have left at the earliest.
    fn leaves(&self) -> u64 {
        self.taken.map_or(u64::MAX, |taken| taken.call)
    }

    fn indices(&self) -> impl Iterator<Item = usize> + use<> {
        let taken = self.taken.map(|taken| taken.index);
        std::iter::once(self.put.index).chain(taken)
    }
}

/// Two dequeues of one value, in order of their returns.
#[derive(Clone, Copy)]
struct Twice<'a> {
    text: &'a str,
    first: Span,
    second: Span,
}

/// What a part holds.
#[derive(Default)]
struct Seen<'a> {
    values: Vec<Value<'a>>,
    numbers: HashIndex,
    /// Dequeues of unknown outcome, and those that found nothing.
    open: Vec<Span>,
    empty: Vec<Span>,
    twice: Option<Twice<'a>>,
}

/// Decides a part of a history, if it is a queue of distinct values.
///
/// # Errors
///
/// When time or memory runs out.
pub(crate) fn decide<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    entries: impl Iterator<Item = Entry>,
    meter: &Meter,
    elsewhere_bytes: usize,
) -> Result<Option<Finding>, Reason> {
    let mut seen = Seen::default();
    let mut watch = Watch::new(meter, elsewhere_bytes);
    for entry in entries {
        let operation = &history[entry.index];
        let Some(queued) = model.queued(&operation.input, operation.output.as_ref()) else {
            return Ok(None);
        };
        let span = Span {
            call: operation.call,
            ret: entry.ret.unwrap_or(u64::MAX),
            index: entry.index,
        };
        if !seen.add(queued, span) {
            return Ok(None);
        }
        watch.memory_bytes = elsewhere_bytes + seen.memory_bytes();
        watch.turn()?;
    }
    if !seen.open.is_empty() && !seen.empty.is_empty() {
        return Ok(None);
    }
    seen.judge(&mut watch).map(Some)
}

impl<'a> Seen<'a> {
    /// Notes an operation; whether it is one of those that are decided here.
    fn add(&mut self, queued: Queued<'a>, span: Span) -> bool {
        match queued {
            Queued::Put(text) => self.value(text).put.replace(span).is_none(),
            Queued::Took(text) => {
                self.take(text, span);
                true
            }
            Queued::FoundNothing => {
                self.empty.push(span);
                true
            }
            Queued::TookAnything => {
                self.open.push(span);
                true
            }
        }
    }

    /// Notes who took a value: of several, the one that returned first; and of all values that
    /// were taken twice, the one that was so first.
    fn take(&mut self, text: &'a str, span: Span) {
        let taken = &mut self.value(text).taken;
        let Some(other) = *taken else {
            *taken = Some(span);
            return;
        };
        let is_first = span.ret < other.ret;
        let (first, second) = if is_first {
            (span, other)
        } else {
            (other, span)
        };
        *taken = Some(first);
        let is_earlier = |twice: Twice| second.ret < twice.second.ret;
        if self.twice.is_none_or(is_earlier) {
            self.twice = Some(Twice {
                text,
                first,
                second,
            });
        }
    }

    fn value(&mut self, text: &'a str) -> &mut Value<'a> {
        let next = u32::try_from(self.values.len()).expect("fewer than 2^32 values");
        let values = &self.values;
        let is_it = |number: u32| values[number as usize].text == text;
        let known = self
            .numbers
            .find_or_insert(hash_text(text, 0), next, is_it)
            .unwrap_or(next);
        if known == next {
            self.values.push(Value {
                text,
                put: None,
                taken: None,
            });
        }
        &mut self.values[known as usize]
    }

    /// Bytes in use, what judging takes included.
    fn memory_bytes(&self) -> usize {
        let each = size_of::<Value>() + 3 * size_of::<Stay>();
        let spans = self.open.capacity() + self.empty.capacity();
        self.values.capacity() * each + self.numbers.memory_bytes() + spans * size_of::<Span>()
    }

    fn judge(mut self, watch: &mut Watch) -> Result<Finding, Reason> {
        let mut stays = Vec::with_capacity(self.values.len());
        for value in &self.values {
            watch.turn()?;
            let (put, taken) = match (value.put, value.taken) {
                (None, None) => unreachable!("a value is put in or taken"),
                (None, Some(taken)) => return Ok(violation([taken.index])),
                (Some(put), taken) => (put, taken),
            };
            if let Some(taken) = taken.filter(|taken| taken.ret < put.call) {
                return Ok(violation([put.index, taken.index]));
            }
            // Nobody knows whether it happened, and nobody saw it.
            if put.ret < u64::MAX || taken.is_some() {
                stays.push(Stay { put, taken });
            }
        }
        if let Some(Twice {
            text,
            first,
            second,
        }) = self.twice
        {
            let put = self.value(text).put.map(|put| put.index);
            return Ok(violation(
                [first.index, second.index].into_iter().chain(put),
            ));
        }
        watch.sort_by_key(&mut stays, |stay| stay.put.call)?;
        if let Some(conflict) = overtaken(&stays, watch)? {
            return Ok(violation(conflict));
        }
        watch.sort_by_key(&mut self.open, |take| take.call)?;
        if let Some(conflict) = left_behind(&stays, &self.open, watch)? {
            return Ok(violation(conflict));
        }
        match not_empty(&mut stays, &self.empty, watch)? {
            Some(conflict) => Ok(violation(conflict)),
            None => Ok(Finding::Consistent),
        }
    }
}

/// A value that was put in after another and certainly taken before it; of all in order of the
/// calls that put them in.
fn overtaken(stays: &[Stay], watch: &mut Watch) -> Result<Option<Vec<usize>>, Reason> {
    let taken = stays.iter().filter(|stay| stay.taken.is_some());
    let mut earlier: Vec<&Stay> = taken.clone().collect();
    watch.sort_by_key(&mut earlier, |stay| stay.put.ret)?;
    let mut earlier = earlier.into_iter().peekable();
    // Of those that were put in before, the one that was taken last.
    let mut last: Option<&Stay> = None;
    for later in taken {
        watch.turn()?;
        while let Some(stay) = earlier.next_if(|stay| stay.put.ret < later.put.call) {
            if last.is_none_or(|last| last.leaves() < stay.leaves()) {
                last = Some(stay);
            }
        }
        if let (Some(last), Some(taken)) = (last, later.taken)
            && taken.ret < last.leaves()
        {
            return Ok(Some(last.indices().chain(later.indices()).collect()));
        }
    }
    Ok(None)
}

/// Values that must have been taken, as later ones were, by more dequeues than there are; of all
/// in order of the calls that put them in, and of the dequeues of unknown outcome in order of
/// theirs.
fn left_behind(
    stays: &[Stay],
    open: &[Span],
    watch: &mut Watch,
) -> Result<Option<Vec<usize>>, Reason> {
    // From each place on, the value that was taken first.
    let mut first_taken: Vec<Option<Stay>> = vec![None; stays.len() + 1];
    for (place, stay) in stays.iter().enumerate().rev() {
        watch.turn()?;
        let after = first_taken[place + 1];
        let ret = |stay: Stay| stay.taken.map_or(u64::MAX, |taken| taken.ret);
        let is_first = stay.taken.is_some() && after.is_none_or(|after| ret(*stay) < ret(after));
        first_taken[place] = if is_first { Some(*stay) } else { after };
    }
    // Each value that nobody is known to have taken, and the first that shows that somebody did.
    let mut wanted: Vec<(u64, Stay, Stay)> = Vec::new();
    for stay in stays.iter().filter(|stay| stay.taken.is_none()) {
        watch.turn()?;
        let behind = stays.partition_point(|other| other.put.call <= stay.put.ret);
        let shows = first_taken[behind];
        wanted.extend(shows.and_then(|shows| Some((shows.taken?.ret, *stay, shows))));
    }
    watch.sort_by_key(&mut wanted, |(deadline, ..)| *deadline)?;
    for (place, (deadline, ..)) in wanted.iter().enumerate() {
        if open.get(place).is_none_or(|take| take.call > *deadline) {
            let taken = open.iter().take(place).map(|take| take.index);
            let values = wanted[..=place].iter().flat_map(|(_, stay, shows)| {
                let shows = shows.indices();
                stay.indices().chain(shows)
            });
            return Ok(Some(values.chain(taken).collect()));
        }
    }
    Ok(None)
}

/// A dequeue that found nothing, and values of which one was in the queue at every moment.
fn not_empty(
    stays: &mut Vec<Stay>,
    empty: &[Span],
    watch: &mut Watch,
) -> Result<Option<Vec<usize>>, Reason> {
    if empty.is_empty() {
        return Ok(None);
    }
    // A value is there for sure between the return of its enqueue and the call of its dequeue.
    stays.retain(|stay| stay.put.ret < stay.leaves());
    watch.sort_by_key(stays, |stay| stay.put.ret)?;
    // Where each run of such times that overlap begins and ends, and its first value.
    let mut runs: Vec<(u64, u64, usize)> = Vec::new();
    for (place, stay) in stays.iter().enumerate() {
        watch.turn()?;
        match runs.last_mut() {
            Some((_, end, _)) if stay.put.ret < *end => *end = stay.leaves().max(*end),
            _ => runs.push((stay.put.ret, stay.leaves(), place)),
        }
    }
    for found in empty {
        watch.turn()?;
        let before = runs.partition_point(|(begin, ..)| *begin < found.call);
        let Some((_, end, first)) = before.checked_sub(1).map(|run| runs[run]) else {
            continue;
        };
        if found.ret < end {
            let chain = chain_over(&stays[first..], found);
            let values = chain.into_iter().flat_map(|stay| stay.indices());
            return Ok(Some(values.chain([found.index]).collect()));
        }
    }
    Ok(None)
}

/// Few values of a run that are there, one after the other, for as long as a dequeue took.
fn chain_over(run: &[Stay], found: &Span) -> Vec<Stay> {
    let (mut chain, mut covered, mut place) = (Vec::new(), found.call, 0);
    loop {
        let starts = run[place..]
            .iter()
            .take_while(|stay| stay.put.ret < covered);
        let count = starts.clone().count();
        let longest = starts.max_by_key(|stay| stay.leaves());
        let longest = *longest.expect("the run is without a gap");
        chain.push(longest);
        if longest.leaves() > found.ret {
            return chain;
        }
        (covered, place) = (longest.leaves(), place + count);
    }
}

fn violation(conflict: impl IntoIterator<Item = usize>) -> Finding {
    let mut conflict: Vec<usize> = conflict.into_iter().collect();
    conflict.sort_unstable();
    conflict.dedup();
    Finding::Violation(conflict)
}
