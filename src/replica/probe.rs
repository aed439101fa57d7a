//! Recognising a replica without looking inside.
//!
//! A search through every schedule must know whether it has seen a state
//! before. The code under test can neither be cloned nor compared; but it is
//! deterministic, so that any number of copies can be rebuilt from what it went
//! through. A replica may help: it tells what can be seen of it from outside,
//! and which inputs would bring hidden differences to light. Each probe is tried
//! on a copy of its own; what comes of it is folded into the digest.

use super::{Event, Replica};
use crate::observation::ReplicaId;

/// What is known of a replica that is to be recognised.
#[derive(Debug)]
pub struct Known<'a, R: Replica> {
    /// Its number.
    pub me: ReplicaId,
    /// How many replicas there are.
    pub replicas: u64,
    /// What happened to it in its present life, in order.
    pub life: &'a [Event<R>],
    /// A command that no client asks, for probes.
    pub command: &'a R::Command,
}

/// A sequence of inputs that shows something hidden.
#[derive(Debug)]
pub struct Probe<R: Replica> {
    /// The inputs, in order.
    pub events: Vec<Event<R>>,
    /// Only the first input that has an effect counts, and those after it are
    /// not tried: for inputs that ask for one of many values.
    pub until_effect: bool,
}
