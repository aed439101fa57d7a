//! What a cluster does when the links of one graph are all that is left.

use std::fmt::Write;

use simulated_clock::Duration;

use super::Graph;
use crate::check::Violation;
use crate::report::{GraphReport, ViolationReport};
use crate::scenario::Scenario;
use crate::search::Runner;
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// The claim: whenever some replica is quorum-connected, somebody leads within
/// so many election timeouts (Ng, Haridi and Carbone, "Omni-Paxos: Breaking the
/// Barriers of Partial Connectivity", EuroSys 2023).
const CLAIMED_TIMEOUTS: u64 = 4;
/// How long a message takes: next to nothing beside an election timeout.
const DELAY: Duration = Duration::from_micros(10);
/// The messages of an election and a decision come on top, one after the other.
const CLAIMED_DELAYS: u64 = 20;

/// The claim in words.
pub const CLAIM: &str =
    "progress within four election timeouts (and twenty message delays, which are 10 us each)";

/// What was measured over some seeds.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The graph.
    pub graph: Graph,
    /// The longest time in which no request completed while one was outstanding
    /// at a quorum-connected replica, over all seeds.
    pub unavailability: Duration,
    /// One election timeout.
    pub election_timeout: Duration,
    /// The most leader changes of one seed.
    pub leader_changes: u64,
    /// What was violated besides, in the first seed in which something was.
    pub violation: Option<(u64, Violation)>,
    /// That run, and what was run.
    pub broken: Option<Box<(Scenario, Outcome)>>,
}

impl Trial {
    /// Whether anything is claimed here: where somebody is quorum-connected, and
    /// links work in both directions or not at all.
    pub fn is_judged(&self) -> bool {
        self.graph.is_undirected() && !self.graph.quorum_connected().is_empty()
    }

    /// Whether the claim does not hold, or something else was violated.
    pub fn breaks_the_claim(&self) -> bool {
        let claimed = claimed(self.election_timeout);
        self.violation.is_some() || self.is_judged() && self.unavailability > claimed
    }

    /// What is said of it.
    pub fn report(&self) -> GraphReport {
        let broken = self.broken.as_deref();
        let violation = self.violation.as_ref().map(|(_, violation)| {
            let plain = Scenario::default();
            let (scenario, in_contract) = broken.map_or((&plain, None), |(scenario, outcome)| {
                (scenario, Some(outcome.in_contract))
            });
            ViolationReport {
                in_contract,
                ..ViolationReport::of(scenario, violation, false)
            }
        });
        GraphReport {
            replicas: self.graph.replicas,
            links: self.graph.to_string(),
            quorum_connected: self.graph.quorum_connected(),
            unavailability_ns: self.unavailability.as_nanos(),
            election_timeout_ns: self.election_timeout.as_nanos(),
            leader_changes: self.leader_changes,
            judged: self.is_judged(),
            holds: !self.breaks_the_claim(),
            violation,
            seed: self.violation.as_ref().map(|(seed, _)| *seed),
        }
    }
}

fn claimed(election_timeout: Duration) -> Duration {
    election_timeout * CLAIMED_TIMEOUTS + DELAY * CLAIMED_DELAYS
}

/// Cuts a cluster down to `graph` for four seconds, in each of `seeds` seeds.
///
/// # Errors
/// When the system cannot run it: the key, and what would be right.
pub fn try_graph(runner: &dyn Runner, graph: Graph, seeds: u64) -> Result<Trial, KeyError> {
    let scenario = scenario(runner, &graph);
    let mut trial = Trial {
        graph,
        unavailability: Duration::ZERO,
        election_timeout: runner.profile(&scenario)?.suspicion,
        leader_changes: 0,
        violation: None,
        broken: None,
    };
    for seed in 0..seeds {
        let outcome = runner.run(&scenario, seed, RunOptions::default())?;
        trial.unavailability = trial.unavailability.max(outcome.unavailability);
        trial.leader_changes = trial.leader_changes.max(outcome.leader_changes);
        if outcome.stopped {
            break;
        }
        let first = outcome.violations.first();
        if let Some(violation) = first.filter(|_| trial.violation.is_none()) {
            trial.violation = Some((seed, violation.clone()));
            trial.broken = Some(Box::new((scenario.clone(), outcome)));
        }
    }
    Ok(trial)
}

/// Every replica has a client that asks it alone and waits; replica 1 leads
/// when the links are cut.
fn scenario(runner: &dyn Runner, graph: &Graph) -> Scenario {
    let (system, replicas) = (runner.name(), graph.replicas);
    let mut text = format!(
        "[cluster]\nsystem = \"{system}\"\nreplicas = {replicas}\n\
         [network]\nlatency = {{ shape = {{ constant = \"{DELAY}\" }} }}\n\
         [workload]\nclients = {replicas}\ntimeout = \"200ms\"\nretry = \"same\"\n\
         phases = [{{ duration = \"6s\", requests_per_sec = 50, read_ratio = 0.5 }}]\n\
         "
    );
    for (from, to) in graph.cut() {
        write!(
            text,
            "[[fault]]\nat = \"1500ms\"\nfor = \"4s\"\nkind = \"cut\"\nlinks = [[{from}, {to}]]\n\
             one_way = true\n"
        )
        .expect("text can be written to");
    }
    let mut scenario = Scenario::parse("graph", &text).expect("the scenario is sound");
    (runner.info().tuning.led_first_by)(&mut scenario, 1);
    scenario
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Testable;
    use crate::systems::kv::Kv;

    #[test]
    fn every_graph_of_up_to_four_replicas_keeps_the_claim() {
        for graph in [3, 4].into_iter().flat_map(Graph::undirected) {
            let trial = try_graph(<Kv as Testable>::RUNNER, graph, 2).expect("it runs");
            assert!(!trial.breaks_the_claim(), "{} {trial:?}", trial.graph);
        }
    }

    #[test]
    fn a_wait_that_is_too_long_or_a_violation_breaks_the_claim() {
        let whole = Graph::undirected(3).pop().expect("all links work");
        let sound = try_graph(<Kv as Testable>::RUNNER, whole, 1).expect("it runs");
        assert!(sound.is_judged() && !sound.breaks_the_claim());
        let slow = Trial {
            unavailability: claimed(sound.election_timeout) + Duration::from_nanos(1),
            ..sound.clone()
        };
        assert!(slow.breaks_the_claim());
        let nobody = Trial {
            graph: Graph::undirected(3).remove(0),
            ..slow
        };
        assert!(!nobody.is_judged() && !nobody.breaks_the_claim());
    }
}
