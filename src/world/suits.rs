//! Whether what a scenario names is there in the system that runs it.

use serde_json::Value;

use super::named_checks::check_named_checks;
use super::nemesis::{ScriptedCall, messages, read_action};
use crate::client::Workload;
use crate::nemesis::{Cue, Target, did_you_mean};
use crate::scenario::Scenario;
use crate::system::System;
use crate::units::KeyError;

/// All that a scenario names is there, and it can be searched if it asks for that.
pub(super) fn validate<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let setup = S::setup(scenario)?;
    S::Workload::validate(&scenario.workload).map_err(|error| error.within("workload"))?;
    check_planted::<S>(scenario)?;
    check_messages::<S>(scenario)?;
    check_cues::<S>(scenario)?;
    check_roles::<S>(scenario)?;
    check_names::<S>(scenario)?;
    check_known::<S>(scenario)?;
    check_named_checks::<S>(scenario)?;
    scripted_calls::<S>(scenario)?;
    check_random_actions::<S>(scenario)?;
    let unsearchable = setup.profile.unsearchable;
    match unsearchable.filter(|_| scenario.model.is_some()) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// The planted bug is one of the system's.
pub(super) fn check_planted<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let named = scenario.selftest.planted.as_deref();
    let Some(unknown) = named.filter(|name| S::INFO.bug(name).is_none()) else {
        return Ok(());
    };
    let all: Vec<_> = S::INFO.bugs().map(|bug| bug.name).collect();
    let message = match all[..] {
        [] => format!("{:?} has no bugs to plant: leave planted out", S::INFO.name),
        _ => format!(
            "unknown planted bug {unknown:?}; expected one of {}",
            all.join(", ")
        ),
    };
    Err(KeyError::new("selftest.planted", message))
}

/// What is listed as known is known of the system, or of a library that it is built on.
fn check_known<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let findings: Vec<_> = S::INFO.findings().map(|finding| finding.name).collect();
    let mut named = scenario.check.known.iter();
    let Some(unknown) = named.find(|name| !findings.contains(&name.as_str())) else {
        return Ok(());
    };
    let system = S::INFO.name;
    let message = match findings[..] {
        [] => format!("nothing is known to be wrong with {system:?}: leave known out"),
        _ => format!(
            "{unknown:?} is no known finding; those of {system:?} are {}",
            findings.join(", ")
        ),
    };
    Err(KeyError::new("check.known", message))
}

/// Every role that is struck, or acted upon, is one that the system declares.
pub(super) fn check_roles<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let faults = (0..).zip(&scenario.faults).filter_map(|(index, fault)| {
        let target = fault.replica.as_ref()?;
        Some((format!("fault[{index}].replica"), target))
    });
    let actions = (0..).zip(&scenario.actions);
    let actions = actions.map(|(index, one)| (format!("action[{index}].replica"), &one.replica));
    let names = &scenario.cluster.names;
    let roles = S::INFO.roles.iter().copied();
    let known: Vec<_> = roles.chain(names.iter().map(String::as_str)).collect();
    for (key, target) in faults.chain(actions) {
        if let Target::Role(role) = target
            && !known.contains(&role.as_str())
        {
            let message = match known[..] {
                [] => format!(
                    "replicas of {:?} have no roles: name one by number",
                    S::INFO.name
                ),
                _ => format!(
                    "unknown role {role:?}; expected one of {}",
                    known.join(", ")
                ),
            };
            return Err(KeyError::new(key, message));
        }
    }
    Ok(())
}

/// No replica has the name of a role: a fault could mean either.
fn check_names<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let mut names = scenario.cluster.names.iter();
    let Some(name) = names.find(|name| S::INFO.roles.contains(&name.as_str())) else {
        return Ok(());
    };
    let message = format!(
        "{name:?} is a role of {:?}: call the replica otherwise",
        S::INFO.name
    );
    Err(KeyError::new("cluster.names", message))
}

/// Every message that a fault waits for is one of the system's.
pub(super) fn check_cues<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let scripted = (0..).zip(&scenario.faults).filter_map(|(index, fault)| {
        let on = fault.on.as_ref()?;
        Some((format!("fault[{index}].on"), on))
    });
    let random = (0..).zip(&scenario.nemesis.targeted);
    let random = random.map(|(index, rate)| (format!("nemesis.targeted[{index}].on"), &rate.on));
    let kinds = messages::<S>();
    let mut all = scripted.chain(random);
    let Some((key, unknown)) = all.find(|(_, cue)| cue.of(kinds).is_none()) else {
        return Ok(());
    };
    let known = Cue::all(kinds);
    let known: Vec<_> = known.iter().map(Cue::name).collect();
    let message = format!(
        "unknown message {:?}; expected one of {}{}",
        unknown.name(),
        known.join(", "),
        did_you_mean(unknown.name(), &known)
    );
    Err(KeyError::new(key, message))
}

/// Every message that a scenario holds is one of the system's.
pub(super) fn check_messages<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let known = messages::<S>();
    for (index, fault) in scenario.faults.iter().enumerate() {
        if let Some(message) = fault.message.as_deref()
            && !known.contains(&message)
        {
            let message = format!(
                "{message:?} is no kind of message; they are {}{}",
                known.join(", "),
                did_you_mean(message, known)
            );
            return Err(KeyError::new(format!("fault[{index}].message"), message));
        }
    }
    Ok(())
}

/// The operator actions of a scenario's script, read and ready.
pub(super) fn scripted_calls<S: System>(
    scenario: &Scenario,
) -> Result<Vec<ScriptedCall<S::Replica>>, KeyError> {
    let calls = (0..).zip(&scenario.actions).map(|(index, scripted)| {
        let action = read_action::<S::Replica>(&scripted.action, scripted.value.as_ref());
        action
            .map(|action| ScriptedCall {
                target: scripted.replica.clone(),
                action,
            })
            .map_err(|message| {
                let values = [scripted.value.clone(), None, Some(0.into())];
                let key = wrong_key::<S>(&scripted.action, &values, "value");
                KeyError::new(format!("action[{index}].{key}"), message)
            })
    });
    calls.collect()
}

/// Every random action is one of the system's, with every value that can be drawn.
pub(super) fn check_random_actions<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    for (index, rate) in scenario.nemesis.actions.iter().enumerate() {
        let drawn: Vec<Option<Value>> = match rate.value_up_to {
            None => vec![None],
            Some(most) => vec![Some(0.into()), Some(most.into())],
        };
        for value in &drawn {
            if let Err(message) = read_action::<S::Replica>(&rate.action, value.as_ref()) {
                let values = [&drawn[..], &[None, Some(0.into())]].concat();
                let key = wrong_key::<S>(&rate.action, &values, "value_up_to");
                return Err(KeyError::new(
                    format!("nemesis.actions[{index}].{key}"),
                    message,
                ));
            }
        }
    }
    Ok(())
}

/// Which key is wrong: the value, if the action is there with another one.
fn wrong_key<S: System>(
    action: &str,
    values: &[Option<Value>],
    value_key: &'static str,
) -> &'static str {
    let is_known = values
        .iter()
        .any(|value| read_action::<S::Replica>(action, value.as_ref()).is_ok());
    if is_known { value_key } else { "do" }
}
