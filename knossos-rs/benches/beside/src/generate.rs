//! Histories of a correct store, recorded as they happen in simulated time.
//!
//! Each client calls one operation after the other; an operation takes effect at a random
//! moment between call and return. So the history is linearizable, until one stale read is put
//! in on purpose. An operation whose outcome is lost takes effect or not, and its client goes
//! on under a new name.

use knossos::Operation;
use knossos::models::kv::{Input, Op, Output};
use knossos::{Model, Text, models::kv::KeyValue};

/// An operation of the histories measured.
pub(crate) type KvOperation = Operation<Input, Output>;

/// What a generated history looks like.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) operations: usize,
    pub(crate) clients: u64,
    pub(crate) keys: u64,
    /// `None`: every value is written once; `Some(n)`: one of `n`.
    pub(crate) values: Option<u64>,
    /// Of 100 operations: get, put, delete, append, cas.
    pub(crate) mix: [u64; 5],
    /// Of 1000 operations, how many are of unknown outcome.
    pub(crate) unknown_per_mille: u64,
    /// Whether one read, at three quarters of the time, returns a value long overwritten.
    pub(crate) is_stale: bool,
}

/// Reads and writes of distinct values.
pub(crate) const REGISTER: [u64; 5] = [50, 50, 0, 0, 0];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// One call in flight.
struct Call {
    client: u64,
    input: Input,
    call: u64,
    effect: u64,
    ret: u64,
    is_lost: bool,
}

impl Shape {
    /// The history of this shape that belongs to the seed, in order of calls.
    pub(crate) fn generate(&self, seed: u64) -> Vec<KvOperation> {
        let mut random = Random(seed);
        let mut calls = self.calls(&mut random);
        calls.sort_by_key(|call| call.effect);
        let mut states: Vec<Option<Text>> = vec![None; self.keys as usize];
        let mut seen: Vec<Option<Text>> = vec![None; self.keys as usize];
        let mut history: Vec<KvOperation> = Vec::with_capacity(calls.len());
        let stale_after = calls.len() * 3 / 4;
        let mut wants_stale = self.is_stale;
        let mut first: Vec<Option<Text>> = vec![None; self.keys as usize];
        for mut call in calls {
            let key: usize = call.input.key.parse().expect("keys are numbers");
            if let Op::Cas { old, .. } = &mut call.input.op {
                // What somebody saw last; so it often matches.
                *old = seen[key].clone();
            }
            if call.is_lost && random.below(2) == 0 {
                history.push(Operation::unknown(call.client, call.input, call.call));
                continue;
            }
            let before = states[key].clone();
            states[key] = KeyValue
                .step(&before, &call.input, None)
                .expect("a correct store");
            first[key] = first[key].clone().or_else(|| states[key].clone());
            if call.is_lost {
                history.push(Operation::unknown(call.client, call.input, call.call));
                continue;
            }
            let mut output = match &call.input.op {
                Op::Get => Output::Value(before.clone()),
                Op::Cas { old, .. } => Output::Swapped(*old == before),
                _ => Output::Done,
            };
            if wants_stale && history.len() > stale_after && call.input.op == Op::Get {
                output = Output::Value(first[key].clone());
                wants_stale = false;
            }
            seen[key] = states[key].clone();
            let Call {
                client,
                input,
                call,
                ret,
                ..
            } = call;
            history.push(Operation::completed(client, input, output, call, ret));
        }
        history.sort_by_key(|operation| operation.call);
        history
    }

    fn calls(&self, random: &mut Random) -> Vec<Call> {
        let mut calls = Vec::with_capacity(self.operations);
        let mut clients: Vec<(u64, u64)> = (0..self.clients)
            .map(|client| (random.below(1_000), client))
            .collect();
        let mut next_name = self.clients;
        for number in 0..self.operations as u64 {
            // The client that is free first; with few clients a scan is as good as a heap.
            let slot = (0..clients.len())
                .min_by_key(|slot| clients[*slot])
                .expect("clients");
            let (now, client) = clients[slot];
            let call = now + random.below(100);
            let took = 1_000 + random.below(9_000);
            let is_lost = random.below(1_000) < self.unknown_per_mille;
            calls.push(Call {
                client,
                input: self.input(number, random),
                // Every event has a time of its own.
                call: call * 2 * self.operations as u64 + number * 2,
                effect: (call + random.below(took)) * 2 * self.operations as u64 + number * 2,
                ret: (call + took) * 2 * self.operations as u64 + number * 2 + 1,
                is_lost,
            });
            clients[slot].0 = call + took;
            if is_lost {
                clients[slot].1 = next_name;
                next_name += 1;
            }
        }
        calls
    }

    fn input(&self, number: u64, random: &mut Random) -> Input {
        let key = Text::from(random.below(self.keys).to_string());
        let value = match self.values {
            None => number,
            Some(values) => random.below(values),
        };
        let value = Text::from(value.to_string());
        let mut draw = random.below(self.mix.iter().sum());
        let kind = self.mix.iter().position(|weight| {
            let is_it = draw < *weight;
            draw = draw.wrapping_sub(*weight);
            is_it
        });
        let op = match kind.expect("less than the sum") {
            0 => Op::Get,
            1 => Op::Put(value),
            2 => Op::Delete,
            3 => Op::Append(value.followed_by(" ")),
            _ => Op::Cas {
                old: None,
                new: Some(value),
            },
        };
        Input { key, op }
    }
}
