//! One generator per (kind, scope).

use std::rc::Rc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::hash::{mix, path_hash};
use super::plan::StreamPlan;

/// The questions of one kind within one scope; made by
/// [`Decisions::stream`](super::Decisions::stream).
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
    asked: u64,
    /// Only where sites are looked at: a plan or a recording.
    plan: Option<Rc<StreamPlan>>,
}

impl Stream {
    /// The generator that all streams of a run begin as.
    pub(super) fn origin(seed: u64) -> ChaCha8Rng {
        let mut key = [0; 32];
        for (lane, chunk) in key.chunks_exact_mut(8).enumerate() {
            chunk.copy_from_slice(&mix(seed, lane as u64).to_le_bytes());
        }
        ChaCha8Rng::from_seed(key)
    }

    pub(super) fn new(
        origin: &ChaCha8Rng,
        kind: &str,
        scope: &str,
        plan: Option<Rc<StreamPlan>>,
    ) -> Self {
        let mut generator = origin.clone();
        generator.set_stream(path_hash(kind, scope));
        Self {
            generator,
            asked: 0,
            plan,
        }
    }

    #[inline]
    pub(super) fn next_slice(&mut self) -> (u64, u64) {
        let n = self.asked;
        self.asked += 1;
        (n, self.generator.next_u64())
    }

    /// What the plan of the run says of it.
    pub(super) fn plan(&self) -> &StreamPlan {
        let plan = self.plan.as_ref();
        plan.expect("a stream knows its plan when sites matter")
    }
}
