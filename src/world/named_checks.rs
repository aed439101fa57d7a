//! Whether the checks that a scenario names are there: those of any system, and those that the
//! system brings.

use crate::check;
use crate::judge::names_of_own;
use crate::scenario::Scenario;
use crate::system::System;
use crate::units::KeyError;

/// Every check that a scenario names is one.
pub(super) fn check_named_checks<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    let own = names_of_own::<S>();
    let check = &scenario.check;
    for (key, named) in [
        ("check.without", &check.without),
        ("check.violates", &check.violates),
        ("check.may_violate", &check.may_violate),
    ] {
        complain(key, named, &own)?;
    }
    let Some(model) = &scenario.model else {
        return Ok(());
    };
    // A search has no judge of a whole run.
    let mut of_runs = model
        .violates
        .iter()
        .filter(|name| own.contains(&name.as_str()));
    if let Some(name) = of_runs.next() {
        let message = format!(
            "{name:?} is a check of whole runs, which no schedule of a search is put to; expect it \
             in [check]"
        );
        return Err(KeyError::new("model.violates", message));
    }
    complain("model.violates", &model.violates, &[])
}

fn complain(key: &str, named: &[String], own: &[&'static str]) -> Result<(), KeyError> {
    let complaint = named
        .iter()
        .find_map(|name| check::complaint_about(name, own));
    complaint.map_or(Ok(()), |message| Err(KeyError::new(key, message)))
}
