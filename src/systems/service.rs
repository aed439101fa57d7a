//! Services: a state machine over OmniPaxos is all that their author brings.

use std::marker::PhantomData;

use knossos::Model;
use serde_json::Value;

use super::{Contract, System, generic_line};
use crate::client::{Record, Workload};
use crate::network::LinkContract;
use crate::replica::omnipaxos::{
    ClusterOptions, EntryKind, Machine, OmniPaxosReplica, Patience, StateMachine,
};
use crate::storage::Durability;
use crate::units::KeyError;

/// The commands of a service.
pub(crate) type CommandOf<S> = <<S as Service>::Machine as StateMachine>::Command;
/// The results of a service.
pub(crate) type OutputOf<S> = <<S as Service>::Machine as StateMachine>::Output;

/// A state machine replicated by OmniPaxos, with what is needed to test it.
pub trait Service: 'static {
    /// The name that a scenario's `system` gives.
    const NAME: &'static str;
    /// The state machine.
    type Machine: StateMachine;
    /// What its clients do.
    type Workload: Workload<Command = CommandOf<Self>, Output = OutputOf<Self>>;
    /// The object that it behaves like.
    type Model: Model<Input = CommandOf<Self>, Output = OutputOf<Self>>;

    /// The sequential model.
    fn model() -> Self::Model;

    /// One operation of a history, in the format of JSON lines.
    fn history_line(record: &Record<CommandOf<Self>, OutputOf<Self>>) -> Value {
        let model = Self::model();
        generic_line(record, model.partition(&record.command))
    }
}

/// The system that a service makes, with one kind of log entry.
#[derive(Debug)]
pub struct OverOmniPaxos<S, K>(PhantomData<(S, K)>);

impl<S: Service, K: EntryKind<S::Machine>> System for OverOmniPaxos<S, K> {
    type Replica = OmniPaxosReplica<S::Machine, K>;
    type Workload = S::Workload;
    type Model = S::Model;
    type Fold = Machine<S::Machine>;

    fn options(cluster: &ClusterOptions) -> Result<ClusterOptions, KeyError> {
        if let Some(unknown) = cluster.switches.keys().next() {
            return Err(KeyError::new(
                format!("switches.{unknown}"),
                format!("the system {:?} has no switches of its own", S::NAME),
            ));
        }
        Ok(cluster.clone())
    }

    fn model() -> S::Model {
        S::model()
    }

    /// The library is written for links that are FIFO within a session, with
    /// both ends told when a session is made again, and for storage that lasts.
    fn written_for() -> Contract {
        Contract {
            links: LinkContract::Session,
            disks: Durability::Durable,
            clocks_bounded: false,
        }
    }

    fn patience(cluster: &ClusterOptions) -> Patience {
        cluster.patience()
    }

    fn history_line(record: &Record<CommandOf<S>, OutputOf<S>>) -> Value {
        S::history_line(record)
    }
}
