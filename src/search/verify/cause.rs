//! What makes code take other steps, told by how they differ.

use std::collections::BTreeMap;
use std::fmt;

/// The most likely reason why two runs of a seed differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The same things come in another order.
    Order,
    /// The same thing happens at another time.
    Time,
    /// Values are readings of a wall clock.
    WallClock,
    /// Values are places in memory.
    Address,
    /// Values name threads.
    Thread,
    /// Values differ.
    Value,
    /// One run does what the other does not, or nothing was seen to differ.
    Unknown,
}

/// How many entries of each run are compared: what comes in another order comes soon.
const WINDOW: usize = 200;

impl Cause {
    /// What two lists of entries look like, of which the first ones differ. An entry is
    /// a time, if it begins with one, and words.
    pub(super) fn of(first: &[String], second: &[String]) -> Self {
        let (Some(one), Some(other)) = (first.first(), second.first()) else {
            return Self::Unknown;
        };
        let (one, other) = (timeless(one), timeless(other));
        if one == other {
            return Self::Time;
        }
        let comes = |words: &str, entries: &[String]| {
            let mut entries = entries.iter().take(WINDOW);
            entries.any(|entry| timeless(entry) == words)
        };
        if comes(one, second) && comes(other, first) || same_tokens(one, other) {
            return Self::Order;
        }
        Self::of_words(one, other)
    }

    /// By the first values that differ in two entries of the same shape.
    fn of_words(one: &str, other: &str) -> Self {
        let pairs = || tokens(one).zip(tokens(other));
        let same_shape = tokens(one).count() == tokens(other).count();
        let Some((one, other)) = pairs().find(|(one, other)| one != other) else {
            return Self::Unknown;
        };
        let before = pairs().take_while(|(one, other)| one == other).last();
        if before.is_some_and(|(before, _)| before == "ThreadId") {
            return Self::Thread;
        }
        match (number(one), number(other)) {
            (Some(one), Some(other)) if are_clock_readings(one, other) => Self::WallClock,
            (Some(one), Some(other)) if are_addresses(one, other) => Self::Address,
            _ if same_shape => Self::Value,
            _ => Self::Unknown,
        }
    }
}

/// An entry without the time that it begins with.
fn timeless(entry: &str) -> &str {
    let entry = entry.trim();
    let is_time = |word: &str| {
        let digits = word.trim_end_matches(['s', '*']);
        let is_number = digits.starts_with(|first: char| first.is_ascii_digit());
        digits != word && is_number && digits.parse::<f64>().is_ok()
    };
    match entry.split_once(' ') {
        Some((time, words)) if is_time(time) => words.trim_start(),
        _ => entry,
    }
}

/// Words and numbers, without what is between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let tokens = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    tokens.filter(|token| !token.is_empty())
}

/// Whether two texts say the same words, in any order.
fn same_tokens(one: &str, other: &str) -> bool {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    tokens(one).for_each(|token| *counts.entry(token).or_default() += 1);
    tokens(other).for_each(|token| *counts.entry(token).or_default() -= 1);
    counts.values().all(|count| *count == 0)
}

fn number(token: &str) -> Option<u128> {
    match token.strip_prefix("0x") {
        Some(digits) => u128::from_str_radix(digits, 16).ok(),
        None => token.parse().ok(),
    }
}

/// Whether both are times since 1970, between 2017 and 2096, within an hour of each other,
/// in seconds, or thousandths, millionths or billionths of them.
fn are_clock_readings(one: u128, other: u128) -> bool {
    [1, 1_000, 1_000_000, 1_000_000_000]
        .into_iter()
        .any(|unit| {
            let recent = 1_500_000_000 * unit..4_000_000_000 * unit;
            recent.contains(&one) && recent.contains(&other) && one.abs_diff(other) < 3_600 * unit
        })
}

/// Whether both are where programs have their data: far up, below the half of memory that
/// belongs to the system, and aligned.
fn are_addresses(one: u128, other: u128) -> bool {
    [one, other]
        .into_iter()
        .all(|number| (1 << 40..1 << 47).contains(&number) && number.is_multiple_of(4))
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Order => {
                "the same things come in another order, as from iterating over a HashMap or \
                 HashSet: use a BTreeMap or BTreeSet, or sort"
            }
            Self::Time => {
                "the same happens at another time, as with a timer that is set from a wall clock: \
                 use the clock of the context"
            }
            Self::WallClock => {
                "the values are readings of a wall clock: use the clock of the context"
            }
            Self::Address => {
                "the values are addresses in memory: a pointer is printed, compared or hashed"
            }
            Self::Thread => "the values name threads: nothing may depend on which one runs",
            Self::Value => {
                "a value that does not come from the run: a random number, a static that outlives \
                 it, a wall clock, an address or a thread"
            }
            Self::Unknown => {
                "something outside of the run decides: a wall clock, a random number, a static, \
                 another thread, or the order of a HashMap"
            }
        })
    }
}
