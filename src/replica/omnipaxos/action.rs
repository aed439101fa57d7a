//! What an operator can ask of an OmniPaxos service.

use serde::Serialize;

use crate::replica::Action;

/// An operator action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

impl Action for PaxosAction {
    fn parse(name: &str, value: Option<u64>) -> Result<Self, String> {
        match (name, value) {
            ("snapshot", None | Some(1)) => Ok(Self::Snapshot { local_only: false }),
            ("snapshot", Some(0)) => Ok(Self::Snapshot { local_only: true }),
            ("snapshot", Some(_)) => {
                Err("snapshot takes value = 0 (this replica) or 1 (all)".to_owned())
            }
            ("trim", None) => Ok(Self::Trim),
            ("set_priority", Some(priority)) => u32::try_from(priority)
                .map(Self::SetPriority)
                .map_err(|_| format!("the priority {priority} does not fit in 32 bits")),
            ("set_priority", None) => Err("set_priority needs value = the new priority".to_owned()),
            ("try_become_leader", None) => Ok(Self::TryBecomeLeader),
            ("trim" | "try_become_leader", Some(_)) => Err(format!("{name} takes no value")),
            _ => Err(format!(
                "{name:?} is no action: choose snapshot, trim, set_priority or try_become_leader"
            )),
        }
    }
}
