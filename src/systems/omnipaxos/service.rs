//! Services: a state machine over OmniPaxos is all that their author brings.

use std::marker::PhantomData;

use knossos::Model;
use serde_json::Value;

use super::action::unsuited;
use super::changed;
use super::configuration::warning;
use super::drawn;
use super::planted;
use super::tuning::{ReplicaOptions, Tuning};
use super::{Entry, Machine, OmniPaxosReplica, StateMachine};
use crate::check::{Finding, Fold};
use crate::client::{Record, Workload};
use crate::nemesis::REPLY;
use crate::network::LinkContract;
use crate::observation::content_digest;
use crate::scenario::Scenario;
use crate::search::{Runner, Testable, Whole};
use crate::storage::Durability;
use crate::system::{Contract, Judge, Setup, System, SystemInfo, TuningHooks, generic_line};
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

    /// Whether its state machine makes mistakes when it is asked to
    /// ([`StateMachine::apply_flawed`], [`StateMachine::query`]): the bugs in it can be planted.
    const HAS_FLAWS: bool = false;

    /// What is known to be wrong with it, apart from what is known of OmniPaxos: a scenario can
    /// list it as `known`.
    const FINDINGS: &'static [Finding] = &[];

    /// The sequential model.
    fn model() -> Self::Model;

    /// Judges of its own, made anew for each run ([`System::judges`]).
    fn judges() -> Vec<Box<dyn Judge<OverOmniPaxos<Self>>>>
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

/// Elections are rare, and entries are accepted all the time.
const CUES: &[(&str, u64)] = &[
    ("prepare", 500_000),
    ("promise", 500_000),
    ("accept_sync", 500_000),
    ("accept_decide", 20_000),
    ("accepted", 20_000),
    ("decide", 20_000),
    (REPLY, 20_000),
];

/// The library is written for links that are FIFO within a session, with both ends told when a
/// session is made again, and for storage that lasts.
const WRITTEN_FOR: Contract = Contract {
    links: LinkContract::Session,
    disks: Durability::Durable,
    clocks_bounded: false,
};

/// The system that a service makes.
#[derive(Debug)]
pub struct OverOmniPaxos<S>(PhantomData<S>);

impl<S: Service> System for OverOmniPaxos<S> {
    type Replica = OmniPaxosReplica<S::Machine>;
    type Workload = S::Workload;
    type Model = S::Model;
    type Fold = Machine<S::Machine>;

    const INFO: SystemInfo = SystemInfo {
        planted: if S::HAS_FLAWS {
            planted::ALL
        } else {
            planted::OF_ANY_SERVICE
        },
        campaign: Some("try_become_leader"),
        cues: CUES,
        tuning: TuningHooks {
            draw: drawn::draw,
            draw_actions: drawn::draw_actions,
            plainer: changed::plainer,
            reconcile: changed::reconcile,
            avoid_known: changed::avoid_known,
            led_first_by: changed::led_first_by,
        },
        libraries: &["omnipaxos"],
        own_findings: S::FINDINGS,
        schema: Some(|| schemars::schema_for!(Tuning)),
        warning,
        ..SystemInfo::new(S::NAME, WRITTEN_FOR)
    };

    fn setup(scenario: &Scenario) -> Result<Setup<ReplicaOptions>, KeyError> {
        let options = ReplicaOptions::of(scenario)?;
        if let Some(error) = unsuited(scenario, &options.tuning) {
            return Err(error);
        }
        let profile = options.profile(scenario);
        Ok(Setup { options, profile })
    }

    fn model() -> S::Model {
        S::model()
    }

    fn judges() -> Vec<Box<dyn Judge<Self>>> {
        S::judges()
    }

    fn history_line(record: &Record<CommandOf<S>, OutputOf<S>>) -> Value {
        S::history_line(record)
    }
}

impl<S: Service> Testable for S {
    const RUNNER: &'static dyn Runner = Whole::<OverOmniPaxos<S>>::RUNNER;
}

impl<S: StateMachine> Fold<Entry<S>> for Machine<S> {
    fn apply(&mut self, entry: &Entry<S>) -> u64 {
        // The machine's own method, which takes precedence over this one.
        self.apply(entry)
            .map_or(0, |applied| content_digest(&*applied.output))
    }

    fn state_digest(&self) -> u64 {
        self.digest()
    }

    #[inline]
    fn judge(&self) -> Option<Result<(), String>> {
        S::INVARIANT.map(|invariant| invariant(&self.state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::RequestId;
    use crate::systems::omnipaxos::Command;

    #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
    struct Counter(u64);

    impl StateMachine for Counter {
        type Command = u64;
        type Output = u64;

        fn apply(&mut self, command: &u64) -> u64 {
            self.0 += command;
            self.0
        }
    }

    #[test]
    fn a_machine_folds_as_its_replica_does() {
        let entry = |attempt, low_water| {
            Entry::<Counter>::new(Command {
                client: 1,
                sequence: 1,
                attempt,
                low_water,
                coordinator: 1,
                dedup: true,
                operation: 5,
                flaw: None,
            })
        };
        let mut machine = Machine::<Counter>::default();
        assert_eq!(
            Fold::apply(&mut machine, &entry(1, 1)),
            content_digest(&5u64)
        );
        assert_eq!(
            Fold::apply(&mut machine, &entry(2, 1)),
            content_digest(&5u64),
            "a retry has the result of the first attempt"
        );
        assert_eq!(Fold::apply(&mut machine, &entry(3, 2)), 0, "it is over");
        let id = RequestId {
            client: 1,
            sequence: 1,
        };
        assert!(machine.sessions.is_forgotten(id));
        assert_eq!(
            Fold::<Entry<Counter>>::state_digest(&machine),
            machine.digest()
        );
    }
}
