//! Moments of a protocol at which a fault matters most, told by what replicas send.
//!
//! Between two steps of a protocol there is a gap in which something is promised,
//! accepted or decided by some and not known to others. A fault that comes by the
//! clock rarely falls into it; a cue is that gap.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::observation::ReplicaId;

/// What a replica just handed to the network: a kind of message, written as in
/// `"accept_decide"` for `AcceptDecide`, or `"reply"`, an answer to a client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cue(String);

/// The cue that a client was answered.
pub const REPLY: &str = "reply";

impl Cue {
    /// The cue of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name in scenarios, reports and decision sites.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// What it is, of a system with these kinds of message; none if it has no such.
    pub fn of(&self, kinds: &[&str]) -> Option<Sent> {
        if self.0 == REPLY {
            return Some(Sent::Reply);
        }
        let kind = kinds.iter().position(|kind| snake_case(kind) == self.0);
        kind.map(Sent::Message)
    }

    /// All that there are of a system with these kinds of message.
    pub fn all(kinds: &[&str]) -> Vec<Self> {
        let kinds = kinds.iter().map(|kind| Self(snake_case(kind)));
        kinds.chain([Self::new(REPLY)]).collect()
    }
}

impl fmt::Display for Cue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Asks for the kind of message that is written otherwise where `name` stands: `AcceptDecide` where
/// messages are named, `accept_decide` where cues are. Says nothing of other names.
pub fn did_you_mean(name: &str, known: &[&str]) -> String {
    let letters = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    let wanted = letters(name);
    let meant = known.iter().find(|known| letters(known) == wanted);
    meant.map_or_else(String::new, |meant| format!("; did you mean {meant:?}?"))
}

/// What was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sent {
    /// A message of this kind, by its place among all kinds.
    Message(usize),
    /// An answer to a client.
    Reply,
}

/// What was sent, by whom, and who leads as far as it says.
#[derive(Clone, Copy, Debug)]
pub struct Spoken {
    /// What.
    pub sent: Sent,
    /// By whom.
    pub speaker: ReplicaId,
    /// The leader: of the ballot that a message speaks of, else the one that last came to lead.
    pub leader: Option<ReplicaId>,
}

/// `AcceptDecide` as `accept_decide`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_is_a_kind_of_message_in_snake_case_or_a_reply() {
        let kinds = ["Prepare", "AcceptDecide"];
        let all: Vec<_> = Cue::all(&kinds).iter().map(Cue::to_string).collect();
        assert_eq!(all, ["prepare", "accept_decide", "reply"]);
        assert_eq!(Cue::new("accept_decide").of(&kinds), Some(Sent::Message(1)));
        assert_eq!(Cue::new("reply").of(&kinds), Some(Sent::Reply));
        assert_eq!(Cue::new("promise").of(&kinds), None);
    }

    #[test]
    fn a_name_in_another_spelling_is_known_again() {
        let kinds = ["Prepare", "AcceptDecide"];
        let asked = "; did you mean \"AcceptDecide\"?";
        assert_eq!(did_you_mean("accept_decide", &kinds), asked);
        assert_eq!(did_you_mean("Accept-Decide", &kinds), asked);
        assert_eq!(did_you_mean("accept", &kinds), "");
    }
}
