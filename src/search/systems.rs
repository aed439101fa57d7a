//! Which system a scenario is run with.

use super::{Runner, SearchError, Systems};
use crate::repro::Source;
use crate::scenario::Cluster;

/// The system that a scenario names, if it can run the scenario.
///
/// # Errors
/// When there is no such system, or it cannot run the scenario.
pub fn find(
    systems: Systems<'static>,
    source: &Source,
) -> Result<&'static dyn Runner, SearchError> {
    let name = &source.scenario.cluster.system;
    let found = by_name(systems, name).ok_or_else(|| {
        let default = if !source.names_a_system() {
            ", which is meant where none is given,"
        } else {
            ""
        };
        let message = format!(
            "{name:?}{default} is not in this binary; it has {}: name one of them, or use --system",
            names(systems)
        );
        source.wrong("cluster.system", message)
    })?;
    suited(found, source)
}

/// The same system, if it can run the scenario.
fn suited(
    runner: &'static dyn Runner,
    source: &Source,
) -> Result<&'static dyn Runner, SearchError> {
    let problem = runner.validate(&source.scenario);
    problem.map_err(|error| source.unsuited(error))?;
    Ok(runner)
}

/// The system that is asked for, or that the scenario names, or the only one of this binary
/// for a scenario that names none; from now on, the scenario names it.
///
/// # Errors
/// When there is no such system, or it cannot run the scenario.
pub fn choose(
    systems: Systems<'static>,
    asked: Option<&str>,
    source: &mut Source,
) -> Result<&'static dyn Runner, SearchError> {
    let chosen = match (asked, systems) {
        (Some(_), _) => asked_for(systems, asked)?,
        (None, [only]) if !source.names_a_system() => *only,
        (None, _) => return find(systems, source),
    };
    chosen
        .name()
        .clone_into(&mut source.scenario.cluster.system);
    suited(chosen, source)
}

/// The system that is asked for, or else the usual one, or else the first of this binary:
/// where no scenario says which.
///
/// # Errors
/// When there is no such system.
///
/// # Panics
/// If there is no system at all.
pub fn asked_for(
    systems: Systems<'static>,
    asked: Option<&str>,
) -> Result<&'static dyn Runner, SearchError> {
    let first = || *systems.first().expect("a binary has a system");
    match asked {
        None => Ok(by_name(systems, &Cluster::default().system).unwrap_or_else(first)),
        Some(name) => by_name(systems, name).ok_or_else(|| {
            SearchError::Input(format!(
                "--system {name}: is not in this binary; it has {}",
                names(systems)
            ))
        }),
    }
}

fn by_name(systems: Systems<'static>, name: &str) -> Option<&'static dyn Runner> {
    systems.iter().find(|system| system.name() == name).copied()
}

fn names(systems: Systems<'static>) -> String {
    let names: Vec<_> = systems.iter().map(|system| system.name()).collect();
    names.join(", ")
}
