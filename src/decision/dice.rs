//! The dice of a swarm: one question per option, each with a stream of its own.

use simulated_clock::Duration;

use super::{Decisions, Stream};
use crate::units::{Time, TimeRange};

/// What a seed draws for one scenario.
#[derive(Debug)]
pub struct Dice {
    decisions: Decisions,
}

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            decisions: Decisions::seeded(seed),
        }
    }

    fn stream(&self, option: &str) -> Stream {
        self.decisions.stream("swarm", option)
    }

    /// A number from `min` to `max`, both included.
    pub fn between(&mut self, option: &str, min: u64, max: u64) -> u64 {
        let mut stream = self.stream(option);
        self.decisions.between(&mut stream, min, max)
    }

    /// A number from `min` to `max`, each power of two as likely as the next: for
    /// what may be small or a thousand times as large.
    ///
    /// # Panics
    /// If the range is empty or begins at zero.
    pub fn wide(&mut self, option: &str, min: u64, max: u64) -> u64 {
        assert!(0 < min && min <= max, "a wide range lies above zero");
        let mut stream = self.stream(option);
        let power = self
            .decisions
            .between(&mut stream, min.ilog2().into(), max.ilog2().into());
        let low = (1u64 << power).max(min);
        let high = ((2u64 << power) - 1).min(max);
        self.decisions.between(&mut stream, low, high)
    }

    /// Whether something with a chance of so many in a hundred is so.
    pub fn chance(&mut self, option: &str, percent: u32) -> bool {
        let mut stream = self.stream(option);
        self.decisions.chance(&mut stream, percent * 10_000)
    }

    /// One of the choices, each as likely as its share among the weights.
    ///
    /// # Panics
    /// If there is no choice with a weight.
    pub fn pick<T: Clone>(&mut self, option: &str, choices: &[(u64, T)]) -> T {
        let total = choices.iter().map(|(weight, _)| weight).sum();
        let mut stream = self.stream(option);
        let mut place = self.decisions.below(&mut stream, total);
        for (weight, choice) in choices {
            if place < *weight {
                return choice.clone();
            }
            place -= weight;
        }
        unreachable!("the place lies below the sum of the weights")
    }

    /// A time, in microseconds, from a wide range.
    pub fn micros(&mut self, option: &str, min: u64, max: u64) -> Time {
        Time::from_micros(self.wide(option, min, max))
    }

    /// A time, in milliseconds, from a wide range.
    pub fn millis(&mut self, option: &str, min: u64, max: u64) -> Time {
        Time::from_millis(self.wide(option, min, max))
    }

    /// A range of times, in milliseconds: its start, and as much again or less.
    pub fn range(&mut self, option: &str, min: u64, max: u64) -> TimeRange {
        let from = self.wide(option, min, max);
        let more = self.between(&format!("{option}.more"), 0, 2 * from);
        TimeRange {
            min: Duration::from_millis(from),
            max: Duration::from_millis(from + more),
        }
    }
}
