//! Every schedule of a small scenario, up to its bounds, on the real code.
//!
//! A random run takes one schedule of millions; here all of them are taken: every
//! order in which messages can arrive, every loss, crash, attempt to lead and
//! retry that the `[model]` table allows. The search itself is stateright's; a
//! *state* is one state per replica, what is on the links, what the clients
//! know, and what may still happen. Time is abstract: whatever can happen next
//! may happen next.
//!
//! The code under test can neither be cloned nor compared. But a replica is a
//! deterministic function of its inputs, so its states and the steps between
//! them are an *automaton* that is discovered once, on a thread of its own, by
//! living each replica through again; the search over all replicas together
//! only looks steps up. Two replicas are the same if they went through the same
//! ([`Identity::History`](crate::scenario::Identity): always right), or if they
//! look the same and answer the same to probes that bring hidden differences to
//! light ([`Identity::Behaviour`](crate::scenario::Identity): far fewer states).
//! The latter is a claim about the code under test, so it is *audited* all the
//! time: steps are also taken after other ways to the same state, and must lead
//! to the same; if one does not, the result is unknown. A counterexample is taken
//! again from the beginning, without any such claim, before it is told.
//!
//! Checked are, in every state: the invariants of each replica, by the code that
//! checks random runs, over all that the replica went through; agreement of all
//! that was ever decided, by chain digests; and linearizability of what the
//! clients saw, by two judges that must agree. Schedules begin with the first start of all
//! replicas, or with the state of a random run: then what clients saw in it counts, too, and
//! one judge has to do. Where a scenario asks for it, every
//! state at rest must come to decide everything once nothing fails any more.

mod action;
mod answering;
mod answers;
mod asked;
mod asking;
mod audit;
mod automaton;
mod beginning;
mod breaking;
mod broken;
mod change;
mod clients;
mod cluster;
mod confirm;
mod confirmed;
mod course;
mod decided;
mod entries;
mod explorer;
mod identity;
mod judge;
mod life;
mod limits;
mod line;
mod links;
mod memo;
mod partition;
mod planned;
mod player;
mod possible;
mod reading;
mod reduction;
mod required;
mod rest;
mod retold;
mod rewound;
mod rules;
mod scene;
mod schedule;
mod scheduled;
mod search;
mod setting;
mod settle;
mod spending;
mod state;
mod step;
mod subject;
mod tell;
mod timers;
mod unbegun;
mod violations;
mod writing;

pub use explorer::Explorer;
pub use limits::{Announce, Limits, Search};
pub use player::{Played, Player};
pub use reduction::Reduction;
pub use scheduled::Scheduled;
pub use search::{Explored, Progress, explore};
