//! One generator per (kind, scope).

use std::fmt::Display;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::hash::{mix, path_hash};
use super::plan::Site;

/// The questions of one kind within one scope; made by
/// [`Decisions::stream`](super::Decisions::stream).
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
    asked: u64,
    /// Only kept when sites are looked at: a plan or a recording.
    name: Option<Arc<str>>,
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

    pub(super) fn new(origin: &ChaCha8Rng, kind: &str, scope: impl Display, named: bool) -> Self {
        let mut generator = origin.clone();
        generator.set_stream(path_hash(kind, &scope));
        Self {
            generator,
            asked: 0,
            name: named.then(|| format!("{kind}/{scope}").into()),
        }
    }

    #[inline]
    pub(super) fn next_slice(&mut self) -> (u64, u64) {
        let n = self.asked;
        self.asked += 1;
        (n, self.generator.next_u64())
    }

    pub(super) fn site(&self, n: u64) -> Site {
        let name = self
            .name
            .as_ref()
            .expect("a stream is named when sites matter");
        Site::new(Arc::clone(name), n)
    }
}
