//! What a system under test is made of, and all that the rest of the simulator asks of it.
//!
//! A [`System`] names its replica, its workload and its sequential model, and reads its own
//! `[system]` table. What others have to know of it without knowing what it is, it says as data:
//! a [`SystemInfo`] once and for all, and a [`Profile`] of each scenario. Most systems are a
//! [`Service`](crate::systems::omnipaxos::Service), which makes a system of a state machine.

mod budget;
mod contract;
mod info;
mod judging;
mod planted;
mod profile;
mod settle_bound;

pub use budget::Budget;
pub use contract::Contract;
pub use info::{SystemInfo, TuningHooks, draw_replicas};
pub use judging::{EndOfRun, Judge, Judgement, RecordOf, Searched, Thoroughness};
pub use planted::{Need, PlantedBug};
pub use profile::{Patience, Profile, Setup};
pub use settle_bound::settle_bound;

use knossos::Model;
use serde_json::Value;

use crate::check::Fold;
use crate::client::{Record, Workload};
use crate::observation::ReplicaId;
use crate::replica::Replica;
use crate::scenario::Scenario;
use crate::units::KeyError;

/// The commands of a system.
pub type CommandOf<S> = <<S as System>::Replica as Replica>::Command;
/// The results of a system.
pub type OutputOf<S> = <<S as System>::Replica as Replica>::Output;
/// The log entries of a system.
pub type EntryOf<S> = <<S as System>::Replica as Replica>::Entry;
/// The options of a system's replicas.
pub type OptionsOf<S> = <<S as System>::Replica as Replica>::Options;

/// A system under test.
pub trait System: 'static {
    /// One of its replicas.
    type Replica: Replica;
    /// What its clients do.
    type Workload: Workload<Command = CommandOf<Self>, Output = OutputOf<Self>>;
    /// What it promises: the object that it behaves like.
    type Model: Model<Input = CommandOf<Self>, Output = OutputOf<Self>>;
    /// Folds its log, to judge replies and states; [`NoFold`](crate::check::NoFold) without a log.
    type Fold: Fold<EntryOf<Self>>;

    /// What is known of it before any scenario is read.
    const INFO: SystemInfo;

    /// What a scenario makes of it, from the tables `[cluster]`, `[system]` and `[selftest]`.
    ///
    /// # Errors
    /// The key that is wrong, with its table, and a sentence that says what would be right.
    fn setup(scenario: &Scenario) -> Result<Setup<OptionsOf<Self>>, KeyError>;

    /// The sequential model.
    fn model() -> Self::Model;

    /// Whether a replica that reaches these, itself included, in both directions, can serve its
    /// clients. By default, as many as the profile's quorum can.
    fn can_serve(setup: &Setup<OptionsOf<Self>>, reached: &[ReplicaId]) -> bool {
        reached.len() as u64 >= setup.profile.quorum
    }

    /// Judges of its own, made anew for each run, beside those that judge any system.
    fn judges() -> Vec<Box<dyn Judge<Self>>>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// One operation of a history, in the format of JSON lines.
    fn history_line(record: &Record<CommandOf<Self>, OutputOf<Self>>) -> Value {
        let model = Self::model();
        generic_line(record, model.partition(&record.command))
    }
}

/// A history line of any system, for `key`, the part of the model that the command touches.
///
/// A command that serializes as a variant with its content gives `op` its name and `in` its
/// content; any other is a "command", `in` as serialized. `out` is as serialized.
pub fn generic_line<C: serde::Serialize, O: serde::Serialize>(
    record: &Record<C, O>,
    key: Option<&str>,
) -> Value {
    let completion = record.completion.as_ref();
    let (op, input) = name_and_content(serde_json::json!(record.command));
    let mut line = serde_json::json!({
        "client": record.client,
        "op": op,
        "in": input,
        "out": completion.map(|completed| &completed.output),
        "call": record.call.as_nanos(),
        "ret": completion.map(|completed| completed.at.as_nanos()),
    });
    if let Some(key) = key {
        line["key"] = key.into();
    }
    line
}

/// What a command is called, and what it asks.
pub(crate) fn name_and_content(command: Value) -> (String, Value) {
    match command {
        Value::String(name) => (name, Value::Null),
        Value::Object(entries) if entries.len() == 1 => {
            let entry = entries.into_iter().next();
            entry.expect("there is one")
        }
        other => ("command".to_owned(), other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_variant_gives_its_name_and_everything_else_is_a_command() {
        for (command, name, content) in [
            (json!("release"), "release", json!(null)),
            (
                json!({ "acquire": { "lock": "a" } }),
                "acquire",
                json!({ "lock": "a" }),
            ),
            (
                json!({ "a": 1, "b": 2 }),
                "command",
                json!({ "a": 1, "b": 2 }),
            ),
            (json!(7), "command", json!(7)),
        ] {
            assert_eq!(name_and_content(command), (name.to_owned(), content));
        }
    }
}
