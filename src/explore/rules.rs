//! What a scenario allows in every schedule: it never changes while a search goes on.

use super::clients::Clients;
use super::limits::Limits;
use super::planned::Planned;
use super::reduction::Reduced;
use super::state::{Left, State};
use super::step::Local;
use crate::network::LinkContract;
use crate::replica::TimerId;
use crate::scenario::{ModelOptions, Scenario};
use crate::system::{Profile, System};

/// What may happen.
pub(super) struct Rules {
    replicas: usize,
    contract: LinkContract,
    clients: Clients,
    reduced: Reduced,
    /// How often what is bounded may happen in one schedule.
    bounds: Left,
    /// The replicas that may attempt to lead.
    attempts_at: Vec<usize>,
    /// A timer that may fire at any time.
    free_timer: Option<u8>,
    crashes_in_handlers: bool,
    /// Whether states at rest have to settle.
    settles: bool,
}

impl Rules {
    /// What a scenario allows of a system with this profile.
    pub(super) fn of<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        (profile, limits): (&Profile, &Limits),
        planned: Vec<Planned>,
    ) -> Self {
        let replicas = scenario.cluster.replicas as usize;
        let named = model.attempts_at.iter();
        let named = named.map(|replica| *replica as usize - 1);
        Self {
            replicas,
            contract: scenario.network.contract,
            reduced: Reduced::of::<S>(scenario, model, &planned, &limits.without),
            clients: Clients::new(planned, scenario.workload.retry, profile.retries_are_safe),
            bounds: Left::of(model),
            attempts_at: if model.attempts_at.is_empty() {
                (0..replicas).collect()
            } else {
                named.collect()
            },
            free_timer: profile.free_timer.map(|TimerId(timer)| timer),
            crashes_in_handlers: !model.crash_between_handlers,
            settles: model.settles,
        }
    }

    /// The same, and nothing is left out.
    pub(super) fn unreduced(self) -> Self {
        Self {
            reduced: Reduced::not_at_all(self.clients.planned()),
            ..self
        }
    }

    pub(super) fn replicas(&self) -> usize {
        self.replicas
    }

    pub(super) fn contract(&self) -> LinkContract {
        self.contract
    }

    /// Whether links carry sessions.
    pub(super) fn has_sessions(&self) -> bool {
        self.contract == LinkContract::Session
    }

    pub(super) fn clients(&self) -> &Clients {
        &self.clients
    }

    pub(super) fn reduced(&self) -> &Reduced {
        &self.reduced
    }

    /// All that may happen in a schedule, before anything has.
    pub(super) fn bounds(&self) -> Left {
        self.bounds
    }

    /// Whether states at rest have to settle.
    pub(super) fn settles(&self) -> bool {
        self.settles
    }

    /// Whether a replica may attempt to lead.
    pub(super) fn may_attempt(&self, state: &State, replica: usize) -> bool {
        state.left.attempts > 0 && self.attempts_at.contains(&replica)
    }

    /// Whether a handler may crash before its end.
    pub(super) fn may_crash_in_handlers(&self, state: &State) -> bool {
        state.left.crashes > 0 && self.crashes_in_handlers
    }

    /// Whether a timer may fire at any time, in every state.
    pub(super) fn is_free(&self, timer: u8) -> bool {
        self.free_timer == Some(timer)
    }

    /// Whether a timer fires without any of the bounds allowing it.
    pub(super) fn fires_freely(&self, local: &Local, timer: u8) -> bool {
        self.is_free(timer) || local.due & (1 << timer) != 0
    }

    /// The replica that is asked by what a client may ask next of a command, if it may.
    pub(super) fn may_be_asked(&self, state: &State, operation: usize) -> Option<usize> {
        let command = state.commands[operation];
        let is_open = command.output.is_none();
        let may_ask = is_open && self.clients.may_ask(state, operation);
        let begins_before = self.reduced.begins_after(operation);
        let is_early = command.asked == 0
            && begins_before.is_some_and(|other| state.commands[usize::from(other)].asked == 0);
        let asks = || self.clients.asks(operation, command.asked, self.replicas);
        (may_ask && !is_early).then(asks)
    }
}
