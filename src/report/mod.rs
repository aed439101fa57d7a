//! What is to be said of runs, as data: each type is made in one place, written as JSON and read
//! again as what it was. How it looks is the matter of [reporters](crate::reporters).

mod amounts;
mod bugs;
mod commands;
mod comparison;
mod fault;
mod graph;
mod history;
#[cfg(feature = "explore")]
mod model;
#[cfg(feature = "explore")]
mod nothing_proved;
mod run;
mod runs;
#[cfg(feature = "explore")]
mod schedule;
mod shrink;
mod violation;

#[cfg(feature = "explore")]
pub(crate) use amounts::size;
pub(crate) use amounts::{counted, counted_as, number, short};
pub use bugs::{BugCard, BugReport, FalseAlarm, PowerReport, Shrunken};
pub use commands::{Commands, replay_command};
pub use comparison::{Comparison, Made, Parting, RunDifference};
pub(crate) use fault::scripted;
pub use fault::{FaultReport, ImpactReport};
pub use graph::GraphReport;
pub use history::{
    Held, HistoryReport, HistoryVerdict, HistoryViolation, Initially, LeftOut, Unwritten,
    WhyUnknown,
};
#[cfg(feature = "explore")]
pub use model::{From, ModelEnd, ModelReport, Needless, Planted, Property, PropertyKind};
#[cfg(feature = "explore")]
pub(crate) use nothing_proved::acts;
pub use run::{CheckReport, Ended, Latency, RunReport};
pub use runs::{Judged, RunsReport, ScenarioReport, Surprise, Totals};
#[cfg(feature = "explore")]
pub use schedule::ScheduleReport;
pub(crate) use shrink::run_size;
pub use shrink::{RunSizes, ScheduleSizes, ShrinkReport, Sizes, SlipReport};
pub use violation::ViolationReport;
