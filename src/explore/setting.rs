//! What a search is about, in the types of its system: made once, on the thread
//! that runs the replicas.

use knossos::{Model, OperationOf};
use simulated_clock::{ClockOptions, Instant};

use super::asking::Pulse;
use super::planned::{Operation, Planned};
use super::rewound::{Moment, Rewound};
use super::state::Command;
use crate::client::{Chooser, Retry, Workload};
use crate::decision::{Decisions, Kept, Plan};
use crate::observation::{RequestId, content_digest};
use crate::replica::{Action, Replica, Reply, Request, TimerId};
use crate::scenario::{Does, Identity, ModelOptions, Scenario};
use crate::storage::DiskOptions;
use crate::system::{CommandOf, OptionsOf, OutputOf, Patience, Profile, Setup, System};
use crate::units::KeyError;

/// What a search is about.
pub(super) struct Setting<S: System> {
    pub(super) options: OptionsOf<S>,
    pub(super) disk: DiskOptions,
    pub(super) clock: ClockOptions,
    /// The run with which every schedule begins, if not before the first start.
    pub(super) from: Option<Rewound<S>>,
    /// What clients did before.
    pub(super) earlier: Vec<OperationOf<S::Model>>,
    /// How far each command has come at the beginning.
    pub(super) begun: Vec<Command>,
    /// How many writes crashes take away at most.
    pub(super) losable: u8,
    pub(super) replicas: u64,
    pub(super) operations: Vec<Operation<CommandOf<S>>>,
    pub(super) planned: Vec<Planned>,
    pub(super) retry: Retry,
    /// What no client asks, for probes.
    pub(super) nobodys: CommandOf<S>,
    /// The first client that there is not.
    pub(super) nobody: u64,
    /// A timer that may fire at any time.
    pub(super) free_timer: Option<u8>,
    /// Whether time passes, or stands still.
    pub(super) time_passes: bool,
    /// How long it may take to settle.
    pub(super) patience: Patience,
    pub(super) without: Vec<String>,
    pub(super) identity: Identity,
    /// Whether messages that are sent all the time are carried.
    pub(super) routine: bool,
    /// Beats with every step of a replica.
    pub(super) pulse: Pulse,
}

/// The first client of a search: those of a run that goes before come before it.
fn first_client(scenario: &Scenario, model: &ModelOptions) -> u64 {
    match model.from {
        Some(_) => scenario.workload.clients + 1,
        None => 1,
    }
}

/// All commands, client by client.
fn planned(scenario: &Scenario, model: &ModelOptions) -> Vec<Planned> {
    let mut all: Vec<Planned> = Vec::new();
    for (client, options) in (first_client(scenario, model)..).zip(&model.clients) {
        for sequence in 1..=options.does.len() as u64 {
            let follows = (sequence > 1).then(|| all.len() as u8 - 1);
            let at = options.at;
            all.push(Planned {
                client,
                sequence,
                at,
                follows,
                is_open: false,
            });
        }
    }
    all
}

/// The replica that a command asks when it was asked this often before.
pub(super) fn asks(planned: &Planned, retry: Retry, before: u64, replicas: usize) -> usize {
    let first = planned.at - 1;
    let asked = match retry {
        Retry::Next => (first + before) % replicas as u64,
        Retry::None | Retry::Same => first,
    };
    asked as usize
}

/// Whether timers fire often enough for somebody to suspect a leader.
fn carries_heartbeats(profile: &Profile, model: &ModelOptions) -> bool {
    profile.tick * u64::from(model.ticks.max(model.time)) >= profile.suspicion
}

impl<S: System> Setting<S> {
    /// # Errors
    /// The scenario does not suit the system: the key, and what would be right.
    pub(super) fn new(
        scenario: &Scenario,
        model: &ModelOptions,
    ) -> Result<(Self, Moment<S>), KeyError> {
        let (mut operations, nobodys) = commands::<S>(scenario, model)?;
        let Setup { options, profile } = S::setup(scenario)?;
        if let Some(error) = &profile.unsearchable {
            return Err(error.clone());
        }
        let (from, mut moment) = match &model.from {
            None => (None, Moment::first(scenario.cluster.replicas)),
            Some(beginning) => {
                let (run, moment) = Rewound::new(scenario, beginning, operations.len())?;
                (Some(run), moment)
            }
        };
        let mut planned = planned(scenario, model);
        let mut begun = vec![Command::default(); planned.len()];
        for (open, operation, command) in moment.open.drain(..) {
            planned.push(open);
            operations.push(operation);
            begun.push(command);
        }
        moment.keep_what_matters(&operations);
        let setting = Self {
            options,
            from,
            earlier: std::mem::take(&mut moment.earlier),
            begun,
            disk: scenario.disk.clone(),
            clock: scenario.clock.options(),
            losable: model.unsynced,
            replicas: scenario.cluster.replicas,
            operations,
            planned,
            retry: scenario.workload.retry,
            nobodys,
            nobody: first_client(scenario, model) + model.clients.len() as u64,
            free_timer: profile.free_timer.map(|TimerId(timer)| timer),
            time_passes: model.time > 0,
            patience: profile.patience,
            without: scenario.check.without.clone(),
            identity: model.recognised_by(),
            routine: carries_heartbeats(&profile, model),
            pulse: Pulse::default(),
        };
        debug_assert_eq!(setting.planned.len(), setting.operations.len());
        Ok((setting, moment))
    }

    /// What time it is: a search knows none, but that it is later than what went before.
    pub(super) fn now(&self) -> Instant {
        self.from.as_ref().map_or(Instant::ZERO, |run| run.at)
    }

    pub(super) fn request(&self, operation: u8, attempt: u32) -> Request<CommandOf<S>> {
        let asked = &self.operations[usize::from(operation)];
        Request {
            id: asked.id,
            attempt,
            low_water: asked.low_water,
            command: asked.command.clone(),
        }
    }

    /// Whether an answer says that the command changed the object. The first that changes
    /// anything finds it as it was at first.
    pub(super) fn changes(&self, reply: &Reply<OutputOf<S>>) -> bool {
        let mut operations = self.operations.iter();
        let planned = operations.find(|operation| operation.id == reply.id);
        let command = match planned {
            Some(operation) => &operation.command,
            None if reply.id.client >= self.nobody => &self.nobodys,
            None => return false,
        };
        let (model, first) = (S::model(), S::model().initial());
        let next = model.step(&first, command, Some(&reply.output));
        next.is_some_and(|next| next != first)
    }

    /// The digest of a command, as checks compare it.
    pub(super) fn command_digest(&self, operation: usize) -> u64 {
        content_digest(&self.operations[operation].command)
    }
}

/// The commands of all clients, and one that nobody asks.
pub(super) type Commands<C> = (Vec<Operation<C>>, C);

/// The commands that the workload makes when every choice is boring.
///
/// # Errors
/// The workload lists no operation of some name: the key, and all that there are.
pub(super) fn commands<S: System>(
    scenario: &Scenario,
    model: &ModelOptions,
) -> Result<Commands<CommandOf<S>>, KeyError> {
    let all_does = || model.clients.iter().flat_map(|client| &client.does);
    if let Some(unknown) = all_does().find_map(unknown::<S>) {
        return Err(KeyError::new("model.clients", unknown));
    }
    let boring = Plan {
        kept: Kept::Only([].into_iter().collect()),
        ..Plan::default()
    };
    let mut decisions = Decisions::planned(0, boring);
    let mut command = |client, workload: &mut S::Workload, sequence, does: &Does| {
        let mut stream = Chooser::stream(&decisions, client, sequence);
        let mut chooser = Chooser::new(&mut decisions, &mut stream);
        match does {
            Does::Write => workload.next(false, &mut chooser),
            Does::Read => workload.next(true, &mut chooser),
            Does::Named(name) => workload.named(name, &mut chooser),
        }
    };
    let mut all = Vec::new();
    let first = first_client(scenario, model);
    for (client, options) in (first..).zip(&model.clients) {
        let mut workload = S::Workload::new(client, &scenario.workload);
        for (sequence, does) in (1..).zip(&options.does) {
            all.push(Operation {
                id: RequestId { client, sequence },
                command: command(client, &mut workload, sequence, does),
                // A client asks one thing after the other.
                low_water: sequence,
                called: None,
            });
        }
    }
    let nobody = first + model.clients.len() as u64;
    let mut workload = S::Workload::new(nobody, &scenario.workload);
    let nobodys = command(nobody, &mut workload, 1, &Does::Write);
    Ok((all, nobodys))
}

/// The operator actions of a system.
pub(super) type ActionOf<S> = <<S as System>::Replica as Replica>::Action;

/// The action by which a replica attempts to lead, if there is one.
pub(super) fn campaign<S: System>() -> Option<ActionOf<S>> {
    ActionOf::<S>::parse(S::INFO.campaign?, None).ok()
}

/// All that clients of a system can ask for by name.
pub(super) fn all_operations<S: System>() -> impl Iterator<Item = &'static str> {
    let listed = S::Workload::OPERATIONS;
    Does::ALWAYS.iter().chain(listed).copied()
}

/// What is wrong with what a client does, if the workload has no such operation.
fn unknown<S: System>(does: &Does) -> Option<String> {
    let Does::Named(name) = does else {
        return None;
    };
    let all: Vec<_> = all_operations::<S>().collect();
    (!all.contains(&name.as_str())).then(|| {
        format!(
            "{name:?} is no operation of this system's clients: they can {}",
            all.join(", ")
        )
    })
}
