//! What the commands of a system are.

use std::fmt;

use super::options::WorkloadOptions;
use crate::decision::{Decisions, Stream};
use crate::observation::ClientId;

/// Makes the commands of one client; one value of it lives per client.
pub trait Workload: Sized {
    /// What is asked.
    type Command;
    /// What is answered.
    type Output;

    /// The workload of a client.
    fn new(client: ClientId, options: &WorkloadOptions) -> Self;

    /// The next command; `read` says which kind the phase's read ratio asks for.
    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Self::Command;

    /// A write for the settle phase, to see whether the system still works.
    fn probe(&mut self, number: u64) -> Self::Command;

    /// A command of this client completed.
    fn completed(&mut self, _command: &Self::Command, _output: &Self::Output) {}
}

/// Asks the decisions of one operation, the scope of which is (client, sequence).
#[derive(Debug)]
pub struct Chooser<'a> {
    decisions: &'a mut Decisions,
    stream: &'a mut Stream,
}

/// An operation, as it stands in the sites of decisions: `c3.17`.
struct OperationScope {
    client: ClientId,
    sequence: u64,
}

impl fmt::Display for OperationScope {
    /// Each operation has a stream of its own: one piece of text, its digits
    /// written by hand, is hashed four times as fast as a formatted one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 42];
        let mut start = text.len();
        let mut put = |byte| {
            start -= 1;
            text[start] = byte;
        };
        put_digits(self.sequence, &mut put);
        put(b'.');
        put_digits(self.client, &mut put);
        put(b'c');
        f.write_str(std::str::from_utf8(&text[start..]).expect("digits are text"))
    }
}

/// The digits of a number, from the last to the first.
#[inline]
fn put_digits(number: u64, put: &mut impl FnMut(u8)) {
    let mut rest = number;
    loop {
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            return;
        }
    }
}

impl<'a> Chooser<'a> {
    /// The stream of operation `sequence` of `client`.
    pub fn stream(decisions: &Decisions, client: ClientId, sequence: u64) -> Stream {
        decisions.stream("operation", OperationScope { client, sequence })
    }

    /// Asks the questions of `stream`.
    pub fn new(decisions: &'a mut Decisions, stream: &'a mut Stream) -> Self {
        Self { decisions, stream }
    }

    /// Whether the operation is issued at all; shrinking may take it away.
    pub fn is_issued(&mut self) -> bool {
        self.decisions.granted(self.stream)
    }

    /// A number below `bound`; boring is zero.
    ///
    /// # Panics
    /// If `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.decisions.below(self.stream, bound)
    }

    /// A number from `min` to `max`, both included; boring is `min`.
    ///
    /// # Panics
    /// If `min` is above `max`.
    pub fn between(&mut self, min: u64, max: u64) -> u64 {
        self.decisions.between(self.stream, min, max)
    }

    /// Whether something with a chance of `ppm` parts per million happens.
    pub fn chance(&mut self, ppm: u32) -> bool {
        self.decisions.chance(self.stream, ppm)
    }

    /// A number below `bound` made from a slice; boring is zero.
    pub fn pick(&mut self, bound: u64, draw: impl FnOnce(u64) -> u64) -> u64 {
        let answer = self.decisions.ask(self.stream, 0, draw);
        if answer < bound { answer } else { 0 }
    }

    /// One of several things by weight; boring is the first with a weight.
    ///
    /// # Panics
    /// If all weights are zero.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        let mut place = self.below(total);
        for (choice, weight) in weights.iter().enumerate() {
            let weight = u64::from(*weight);
            if place < weight {
                return choice;
            }
            place -= weight;
        }
        unreachable!("the place lies below the sum of the weights")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_of_an_operation_names_its_client_and_number() {
        for (client, sequence) in [(1, 0), (3, 17), (10, 1_000), (u64::MAX, u64::MAX)] {
            let scope = OperationScope { client, sequence };
            assert_eq!(scope.to_string(), format!("c{client}.{sequence}"));
        }
    }
}
