//! What somebody who tests a system of their own imports: `use omnisim::prelude::*;`
//!
//! It holds what a state machine, a system with replicas of its own, their workload and their
//! tests name. Everything else is imported from its own module, faults and levels of consistency
//! for instance.

// A service: a state machine over OmniPaxos.
pub use crate::systems::{Service, StateMachine};

// What clients do, and what they are promised.
pub use crate::client::{
    Chooser, KeyChooser, KeyOptions, LoopMode, Mix, Phase, Record, Retry, Workload, WorkloadOptions,
};
pub use knossos::{Footprint, Leaves, Model};

// A whole system: replicas of one's own.
pub use crate::check::{Cause, Finding, Fold, NoFold, Seen, Violation};
pub use crate::network::LinkContract;
pub use crate::observation::{
    Ballot, ClientId, Kind, Kinds, Observation, Position, ReplicaId, Replicated, RequestId,
};
pub use crate::replica::{
    Action, Context, Event, Message, NoAction, Replica, Reply, Request, TimerId,
};
pub use crate::storage::{Disk, Durability, NoDisk};
pub use crate::system::{
    Contract, EndOfRun, Judge, Judgement, Need, Patience, PlantedBug, Profile, RecordOf, Setup,
    System, SystemInfo, TuningHooks,
};
pub use crate::units::{KeyError, OpenTable, Probability, Time, TimeRange};
pub use simulated_clock::{Duration, Instant};

// Tests, and the list of systems that a program is made of.
pub use crate::scenario::{Expectation, Occurrence, Scenario, ScenarioError};
pub use crate::search::{Runner, ScenarioTally, Systems, Testable, Whole};
pub use crate::systems;
pub use crate::testing::{Case, Failure, Shown, TestBed};
pub use crate::world::{Outcome, RunOptions, Verdict};
