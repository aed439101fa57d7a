//! What replicas say to each other.

use knossos::models::register::{Input, Output};
use omnisim::prelude::*;
use serde::Serialize;

/// A message between the holder and a forwarder.
#[derive(Clone, Debug, Serialize)]
pub enum Packet {
    /// To the holder: somebody asks this.
    Ask(Request<Input>),
    /// From the holder: this is the answer.
    Answer(Reply<Output>),
}

/// The kinds are cues for faults, too: `on = "ask"`.
impl Message for Packet {
    const KINDS: &'static [&'static str] = &["Ask", "Answer"];

    fn kind(&self) -> usize {
        match self {
            Self::Ask(_) => 0,
            Self::Answer(_) => 1,
        }
    }
}
