//! A disk that is never synced: a crash takes the last writes away, in order.

use std::collections::VecDeque;

/// An image that was synced some writes ago, and the writes since.
#[derive(Clone, Debug)]
pub struct Journal<I, W> {
    synced: I,
    pending: VecDeque<W>,
    most: usize,
}

impl<I: Clone, W> Journal<I, W> {
    /// An image in which everything is synced, that keeps at most so many writes back.
    pub fn new(synced: I, most: usize) -> Self {
        Self {
            synced,
            pending: VecDeque::new(),
            most,
        }
    }

    /// A write was done; the oldest pending one is now safe if there are too many.
    pub fn push(&mut self, write: W, apply: impl FnOnce(&mut I, W)) {
        self.pending.push_back(write);
        if self.pending.len() > self.most {
            let oldest = self.pending.pop_front().expect("just pushed");
            apply(&mut self.synced, oldest);
        }
        debug_assert!(
            self.pending.len() <= self.most,
            "only the last writes can be lost"
        );
    }

    /// The crash takes the last `lost` writes; what remains is the synced image.
    pub fn crash(&mut self, lost: usize, mut apply: impl FnMut(&mut I, W)) -> I {
        let kept = self.pending.len() - lost.min(self.pending.len());
        for write in self.pending.drain(..).take(kept) {
            apply(&mut self.synced, write);
        }
        self.synced.clone()
    }

    /// How many writes a crash could take away now.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }
}
