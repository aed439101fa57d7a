//! What the commands of a system are.

use super::numbered::Numbered;
use super::options::WorkloadOptions;
use crate::decision::{Decisions, Stream};
use crate::observation::ClientId;
use crate::units::KeyError;

/// Makes the commands of one client; one value of it lives per client.
pub trait Workload: Sized {
    /// What is asked.
    type Command;
    /// What is answered.
    type Output;

    /// Whether it can do with these options: it is asked when a scenario is loaded. By default,
    /// there are none of its own.
    ///
    /// # Errors
    /// The key of `[workload]` that is wrong, and what would be right.
    fn validate(options: &WorkloadOptions) -> Result<(), KeyError> {
        if options.own.is_empty() {
            return Ok(());
        }
        let message = "the clients of this system have no options of their own: leave it out";
        Err(KeyError::new("own", message))
    }

    /// The workload of a client.
    fn new(client: ClientId, options: &WorkloadOptions) -> Self;

    /// The next command; `read` says which kind the phase's read ratio asks for.
    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Self::Command;

    /// The operations that a search can ask for by name, beside "write" and "read".
    const OPERATIONS: &'static [&'static str] = &[];

    /// The next command, which is the operation `name` of [`Self::OPERATIONS`].
    ///
    /// # Panics
    /// If the workload lists operations and does not make them.
    fn named(&mut self, name: &str, _chooser: &mut Chooser<'_>) -> Self::Command {
        panic!(
            "the workload lists the operation {name:?}, and does not make it: implement Workload::named"
        )
    }

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

impl<'a> Chooser<'a> {
    /// The stream of operation `sequence` of `client`; its scope is `c3.17`.
    pub fn stream(decisions: &Decisions, client: ClientId, sequence: u64) -> Stream {
        decisions.stream("operation", Numbered::new(client, sequence).after(b'c'))
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
