//! Checks the tables of a scenario against each other.

use super::Place::{Index, Key};
use super::check_options::{CheckOptions, Expectation};
use super::{ErrorSource, Scenario, ScenarioError};

use crate::client::LoopMode;
use crate::nemesis::{FaultKind, Target};
use crate::network::LinkContract;
use crate::units::KeyError;
use simulated_clock::Duration;

const LONGEST_WRITE: Duration = Duration::from_secs(10);

impl Scenario {
    /// Whether it can be run.
    ///
    /// # Errors
    /// The first contradiction, with its line and what would be right.
    pub fn validate(&self, source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
        self.validate_tables(source)?;
        self.validate_faults(source)?;
        self.validate_actions(source)?;
        if let Some(error) = self.model.as_ref().and_then(|model| model.problem(self)) {
            return Err(source.wrong_key(error.within("model")));
        }
        self.check.validate(source)
    }

    fn validate_tables(&self, source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
        let replicas = self.cluster.replicas;
        if let Some(error) = self.cluster.problem() {
            return Err(source.wrong_key(error.within("cluster")));
        }
        if let Some(error) = self.network.problem(replicas) {
            return Err(source.wrong_key(error.within("network")));
        }
        if let Some(error) = self.workload.problem() {
            return Err(source.wrong_key(error.within("workload")));
        }
        if let Some(error) = self.clock.problem() {
            return Err(source.wrong_key(error.within("clock")));
        }
        if let Some(error) = self.budget.problem() {
            return Err(source.wrong_key(error.within("budget")));
        }
        if let Some(message) = self.standstill() {
            return Err(source.wrong(&[Key("workload"), Key("think")], message));
        }
        if let Some(error) = self.nemesis.problem() {
            return Err(source.wrong_key(error.within("nemesis")));
        }
        if self.disk.write_latency.0 > LONGEST_WRITE {
            return Err(source.wrong(
                &[Key("disk"), Key("write_latency")],
                format!("no write takes that long: write at most {LONGEST_WRITE}"),
            ));
        }
        self.validate_nemesis(source)
    }

    /// Why simulated time would not pass, if it would not.
    fn standstill(&self) -> Option<&'static str> {
        let network = &self.network;
        let to_clients = network.client_latency.as_ref().unwrap_or(&network.latency);
        let is_endless = self.workload.mode == LoopMode::Closed
            && self.workload.think.max == Duration::ZERO
            && to_clients.longest() == 0;
        is_endless.then_some(
            "a closed loop without a pause, over links without latency, never lets time pass: \
             write more than \"0s\", or give network.client_latency some",
        )
    }

    fn validate_nemesis(&self, source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
        for (kind, _) in self.nemesis.rates() {
            if let Some(message) = self.fault_problem(kind) {
                return Err(source.wrong(&[Key("nemesis"), Key(kind.key())], message));
            }
        }
        for (index, aim) in self.nemesis.targeted.iter().enumerate() {
            let problem = self.fault_problem(aim.kind);
            let problem = problem.map(|message| KeyError::new("kind", message));
            if let Some(error) = problem.or_else(|| aim.problem()) {
                let table = format!("nemesis.targeted[{index}]");
                return Err(source.wrong_key(error.within(table)));
            }
        }
        Ok(())
    }

    /// Why a kind of fault cannot come on these links, if it cannot.
    fn fault_problem(&self, kind: FaultKind) -> Option<&'static str> {
        let contract = self.network.contract;
        match kind {
            FaultKind::SessionBreak if contract != LinkContract::Session => {
                Some("only links with contract = \"session\" have sessions to break")
            }
            FaultKind::Repeat if contract != LinkContract::Datagram => {
                Some("only links with contract = \"datagram\" repeat messages")
            }
            _ => None,
        }
    }

    fn validate_faults(&self, source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
        let duration = self.workload.duration();
        for (index, fault) in self.faults.iter().enumerate() {
            let place = |key| [Key("fault"), Index(index), Key(key)];
            if fault.at.is_some_and(|at| at.0 >= duration) {
                let message =
                    format!("the phases of the workload end at {duration}: it would never begin");
                return Err(source.wrong(&place("at"), message));
            }
            if fault.lasts.is_some_and(|lasts| lasts.as_nanos() == 0) {
                return Err(source.wrong(&place("for"), "a fault lasts longer than nothing"));
            }
            let lowered = fault.lower(self.cluster.replicas);
            lowered.map_err(|error| source.wrong_key(error.within(format!("fault[{index}]"))))?;
            if let Some(message) = self.fault_problem(fault.kind) {
                return Err(source.wrong(&place("kind"), message));
            }
        }
        Ok(())
    }

    fn validate_actions(&self, source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
        let replicas = self.cluster.replicas;
        let duration = self.workload.duration();
        for (index, action) in self.actions.iter().enumerate() {
            let wrong = |key, message: String| {
                Err(source.wrong(&[Key("action"), Index(index), Key(key)], message))
            };
            if action.at.0 >= duration {
                return wrong(
                    "at",
                    format!("the phases of the workload end at {duration}: it would never happen"),
                );
            }
            if let &Target::Replica(replica) = &action.replica
                && (replica == 0 || replica > replicas)
            {
                return wrong(
                    "replica",
                    format!("there is no replica {replica}: they are 1 to {replicas}"),
                );
            }
        }
        Ok(())
    }
}

impl CheckOptions {
    fn validate(&self, source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
        let expects_violation = self.expect == Expectation::Violation;
        if expects_violation && self.violates.is_empty() {
            let message =
                "expect = \"violation\" needs violates = [...], the checks that must fail";
            return Err(source.wrong(&[Key("check"), Key("expect")], message));
        }
        if !expects_violation && !self.violates.is_empty() {
            let message = "violates says what must fail; it needs expect = \"violation\"";
            return Err(source.wrong(&[Key("check"), Key("violates")], message));
        }
        if !expects_violation && !self.may_violate.is_empty() {
            let message = "may_violate says what may fail beside violates; it needs \
                           expect = \"violation\"";
            return Err(source.wrong(&[Key("check"), Key("may_violate")], message));
        }
        if let Some(name) = self
            .may_violate
            .iter()
            .find(|name| self.violates.contains(name))
        {
            let message =
                format!("{name:?} must fail, as violates says; name it in one of the two");
            return Err(source.wrong(&[Key("check"), Key("may_violate")], message));
        }
        for (key, named) in [
            ("violates", &self.violates),
            ("may_violate", &self.may_violate),
        ] {
            if let Some(name) = named.iter().find(|name| self.without.contains(name)) {
                let message =
                    format!("{name:?} cannot fail, as without says; remove it from one of the two");
                return Err(source.wrong(&[Key("check"), Key(key)], message));
            }
        }
        if self.seeds == 0 {
            return Err(source.wrong(&[Key("check"), Key("seeds")], "must be at least 1"));
        }
        Ok(())
    }
}
