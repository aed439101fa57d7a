//! The moment of a random run from which a search goes on.
//!
//! A run cannot be copied, but made again: it is halted at the same moment as often as
//! copies of its replicas are needed. What its clients saw so far is part of what they see
//! later. What they still wait for is asked on, as far as there is room for it; nobody
//! waits for the rest any more.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use knossos::{Model, OperationOf};
use simulated_clock::Instant;

use super::planned::{Operation, Planned};
use super::state::Command;
use crate::check::Checks;
use crate::client::{Issued, Record, Retry};
use crate::decision::Plan;
use crate::observation::{ReplicaId, RequestId};
use crate::scenario::{Beginning, Scenario};
use crate::system::{CommandOf, EntryOf, System};
use crate::units::KeyError;
use crate::world::{Halted, Heard, Survivor, halt};

/// How many commands a search tells apart.
const COMMANDS_MAX: usize = 16;
/// How often a client has asked at most, so that it can ask on.
const ATTEMPTS_MAX: u32 = 200;
/// How much waits on a link at most.
const WAITING_MAX: usize = 200;
/// How many copies of a replica are kept for later, while others are needed.
const READY_MAX: usize = 8;

/// What there is beside the replicas of a run that was halted.
pub(super) struct Moment<S: System> {
    pub(super) links: Vec<Vec<Heard<S::Replica>>>,
    pub(super) cut: Vec<(ReplicaId, ReplicaId)>,
    /// The commands that clients wait for, and how far they have come.
    pub(super) open: Vec<(Planned, Operation<CommandOf<S>>, Command)>,
    /// What clients did before.
    pub(super) earlier: Vec<OperationOf<S::Model>>,
}

/// Makes copies of the replicas of a run at some moment.
pub(super) struct Rewound<S: System> {
    scenario: Scenario,
    seed: u64,
    plan: Plan,
    pub(super) at: Instant,
    ready: RefCell<Vec<Vec<Copied<S>>>>,
}

/// A replica, and what was observed of the run that it is from.
pub(super) struct Copied<S: System> {
    pub(super) survivor: Survivor<S::Replica>,
    checks: Rc<Checks<EntryOf<S>, S::Fold>>,
}

impl<S: System> Copied<S> {
    /// The checks, for this replica alone.
    pub(super) fn checks(&self) -> Checks<EntryOf<S>, S::Fold> {
        (*self.checks).clone()
    }
}

impl<S: System> Moment<S> {
    /// Nothing has happened.
    pub(super) fn first(replicas: u64) -> Self {
        let links = (0..replicas * replicas).map(|_| Vec::new());
        Self {
            links: links.collect(),
            cut: Vec::new(),
            open: Vec::new(),
            earlier: Vec::new(),
        }
    }

    /// Leaves out what clients did elsewhere than where the commands of the search do
    /// something: each part of a model is judged by itself, and the run was.
    pub(super) fn keep_what_matters(&mut self, operations: &[Operation<CommandOf<S>>]) {
        let model = S::model();
        let touched: BTreeSet<_> = operations
            .iter()
            .map(|operation| model.partition(&operation.command).map(str::to_owned))
            .collect();
        if !touched.contains(&None) {
            self.earlier.retain(|earlier| {
                let part = model.partition(&earlier.input).map(str::to_owned);
                part.is_none() || touched.contains(&part)
            });
        }
    }
}

impl<S: System> Rewound<S> {
    /// Runs to the moment, from which a search goes on with `commands` of its own.
    ///
    /// # Errors
    /// There is no such moment: the key, and what would be right.
    pub(super) fn new(
        scenario: &Scenario,
        beginning: &Beginning,
        commands: usize,
    ) -> Result<(Self, Moment<S>), KeyError> {
        let plan = beginning.decisions.plan();
        let plan = plan.map_err(|(_, message)| KeyError::new("model.from", message))?;
        let rewound = Self {
            scenario: scenario.clone(),
            seed: beginning.seed,
            plan,
            at: Instant::ZERO + beginning.until.0,
            ready: RefCell::default(),
        };
        let mut halted = rewound.halt()?;
        let links = std::mem::take(&mut halted.links);
        let longest = links.iter().map(Vec::len).max().unwrap_or(0);
        if longest > WAITING_MAX {
            let message = format!(
                "{longest} messages are under way on one link, too many to search: at most {WAITING_MAX}"
            );
            return Err(KeyError::new("model.from.until", message));
        }
        let room = COMMANDS_MAX.saturating_sub(commands);
        let open: Vec<_> = halted
            .open
            .iter()
            .filter(|(issued, _)| issued.attempt < ATTEMPTS_MAX)
            .take(room)
            .map(|(issued, is_on_its_way)| {
                let record = &halted.history[issued.record];
                continued(scenario, *issued, record, *is_on_its_way)
            })
            .collect();
        let is_open = |id: RequestId| open.iter().any(|(_, operation, _)| operation.id == id);
        let earlier = halted
            .history
            .kept()
            .iter()
            .filter(|record| !is_open(record.id()));
        let moment = Moment {
            links,
            cut: halted.cut.clone(),
            earlier: earlier.map(told).collect(),
            open,
        };
        rewound.keep(halted);
        Ok((rewound, moment))
    }

    fn halt(&self) -> Result<Halted<S>, KeyError> {
        halt::<S>(&self.scenario, self.seed, self.plan.clone(), self.at)
    }

    fn keep(&self, halted: Halted<S>) {
        let checks = Rc::new(halted.checks);
        let mut ready = self.ready.borrow_mut();
        ready.resize_with(halted.replicas.len(), Vec::new);
        for (ready, survivor) in ready.iter_mut().zip(halted.replicas) {
            if ready.len() < READY_MAX {
                let checks = Rc::clone(&checks);
                ready.push(Copied { survivor, checks });
            }
        }
    }

    /// A copy of a replica.
    ///
    /// # Panics
    /// If the run goes another way than it did before.
    pub(super) fn copy(&self, replica: ReplicaId) -> Copied<S> {
        let place = replica as usize - 1;
        let ready = self.ready.borrow_mut()[place].pop();
        ready.unwrap_or_else(|| {
            let again = self.halt();
            self.keep(again.expect("a run that was halted once can be halted again"));
            let ready = self.ready.borrow_mut()[place].pop();
            ready.expect("every replica of a run is kept")
        })
    }
}

/// What a client still waits for, as a command of the search. The answer to an attempt that
/// was heard is lost, or yet to come; one that is on its way is what the client does next.
fn continued<C: Clone, O>(
    scenario: &Scenario,
    issued: Issued,
    record: &Record<C, O>,
    is_on_its_way: bool,
) -> (Planned, Operation<C>, Command) {
    let replicas = scenario.cluster.replicas;
    let asked = issued.attempt - u32::from(is_on_its_way);
    let rotates = scenario.workload.retry == Retry::Next;
    let next = match rotates && !is_on_its_way {
        true => issued.target % replicas + 1,
        false => issued.target,
    };
    let ago = if rotates {
        u64::from(asked) % replicas
    } else {
        0
    };
    let planned = Planned {
        client: issued.id.client,
        sequence: issued.id.sequence,
        at: (next - 1 + replicas - ago) % replicas + 1,
        follows: None,
        is_open: true,
    };
    let operation = Operation {
        id: issued.id,
        command: record.command.clone(),
        low_water: issued.low_water,
        called: Some(record.call.as_nanos()),
    };
    let command = Command {
        asked: u8::try_from(asked).expect("clients that asked more often are left out"),
        ..Command::default()
    };
    (planned, operation, command)
}

/// An operation of a run's history.
fn told<C: Clone, O: Clone>(record: &Record<C, O>) -> knossos::Operation<C, O> {
    let (client, command, call) = (
        record.client,
        record.command.clone(),
        record.call.as_nanos(),
    );
    match &record.completion {
        None => knossos::Operation::unknown(client, command, call),
        Some(completed) => {
            let (output, ret) = (completed.output.clone(), completed.at.as_nanos());
            knossos::Operation::completed(client, command, output, call, ret)
        }
    }
}
