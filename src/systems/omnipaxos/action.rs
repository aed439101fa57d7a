//! What an operator can ask of an OmniPaxos service.

use serde::Serialize;
use serde_json::Value;

use super::tuning::{Snapshots, Tuning};
use crate::replica::Action;
use crate::scenario::Scenario;
use crate::units::KeyError;

/// An operator action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum PaxosAction {
    /// Snapshot what is decided, on this replica (`0`) or everywhere (`1`).
    Snapshot {
        /// Only here.
        local_only: bool,
    },
    /// Trim what every replica has accepted, after checkpoints everywhere.
    Trim,
    /// Give this replica another priority in elections.
    SetPriority(u32),
    /// Let this replica attempt to lead at once.
    TryBecomeLeader,
}

/// Why an operator action of the scenario does not go with the tuning, if one does not: its key,
/// and what would be right.
pub(super) fn unsuited(scenario: &Scenario, tuning: &Tuning) -> Option<KeyError> {
    let scripted = scenario.actions.iter().map(|action| &action.action);
    let random = scenario.nemesis.actions.iter().map(|rate| &rate.action);
    let scripted = (0..)
        .zip(scripted)
        .map(|(place, name)| (format!("action[{place}].do"), name));
    let random = (0..)
        .zip(random)
        .map(|(place, name)| (format!("nemesis.actions[{place}].do"), name));
    scripted.chain(random).find_map(|(key, name)| {
        let is_off = tuning.snapshots == Snapshots::Off;
        let message = match name.as_str() {
            "snapshot" if is_off => {
                "entries without snapshots cannot be snapshotted: \
                 set system.snapshots = \"sync\" or { every = 100 }"
            }
            "trim" if !is_off => {
                "a log with snapshots is compacted by them: \
                 set system.snapshots = \"off\" to trim it"
            }
            _ => return None,
        };
        Some(KeyError::new(key, message))
    })
}

impl Action for PaxosAction {
    fn parse(name: &str, value: Option<&Value>) -> Result<Self, String> {
        let number = value.and_then(Value::as_u64);
        match (name, value) {
            ("snapshot", None) => Ok(Self::Snapshot { local_only: false }),
            ("snapshot", Some(_)) => match number {
                Some(0) => Ok(Self::Snapshot { local_only: true }),
                Some(1) => Ok(Self::Snapshot { local_only: false }),
                _ => Err("snapshot takes value = 0 (this replica) or 1 (all)".to_owned()),
            },
            ("trim", None) => Ok(Self::Trim),
            ("set_priority", Some(value)) => number
                .and_then(|number| u32::try_from(number).ok())
                .map(Self::SetPriority)
                .ok_or_else(|| format!("{value} is no priority: write a number of 32 bits")),
            ("set_priority", None) => Err("set_priority needs value = the new priority".to_owned()),
            ("try_become_leader", None) => Ok(Self::TryBecomeLeader),
            ("trim" | "try_become_leader", Some(_)) => Err(format!("{name} takes no value")),
            _ => Err(format!(
                "{name:?} is no action: choose snapshot, trim, set_priority or try_become_leader"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<String> {
        let scenario = Scenario::parse("actions", text).expect("it is well formed");
        let tuning = scenario.system.read().expect("it is well formed");
        unsuited(&scenario, &tuning).map(|error| error.to_string())
    }

    #[test]
    fn a_snapshot_without_snapshots_and_a_trim_with_them_are_refused() {
        let action =
            |name: &str| format!("[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"{name}\"\n");
        let snapshot = problem(&action("snapshot")).expect("there are none");
        assert!(snapshot.starts_with("action[0].do: "), "{snapshot}");
        assert!(snapshot.contains("system.snapshots"), "{snapshot}");
        let trim = format!("system.snapshots = \"sync\"\n{}", action("trim"));
        assert!(problem(&trim).is_some());
        let random = "nemesis.actions = [{ do = \"snapshot\", every = \"1s\" }]";
        let random = problem(random).expect("there are none");
        assert!(random.starts_with("nemesis.actions[0].do: "), "{random}");
        assert_eq!(problem(&action("trim")), None);
    }

    #[test]
    fn a_value_that_an_action_cannot_take_is_refused_with_what_would_be_right() {
        for (name, value, says) in [
            ("snapshot", Some(Value::from(2)), "value = 0"),
            ("trim", Some(Value::from(1)), "takes no value"),
            ("set_priority", None, "needs value"),
            (
                "set_priority",
                Some(Value::from("high")),
                "a number of 32 bits",
            ),
            ("restart", None, "choose snapshot"),
        ] {
            let error = PaxosAction::parse(name, value.as_ref()).expect_err("it is wrong");
            assert!(error.contains(says), "{name}: {error}");
        }
    }
}
