//! Where a hunt begins: anew, or where an earlier one stood.

use std::path::Path;

use super::plan::HuntPlan;
use crate::decision::hash::text_hash;
use crate::repro::Build;
use crate::search::{Environment, HuntReport, Prey, SearchError};
use crate::units::{as_toml, read_json};

/// The report to go on with.
pub(super) fn report(plan: &HuntPlan<'_>, path: &Path) -> Result<HuntReport, SearchError> {
    let fresh = HuntReport {
        hunt: words(plan.prey),
        build: Build::current().tested(),
        first_seed: plan.first_seed,
        last_seed: plan.seeds.map(|seeds| seeds.end),
        ..HuntReport::default()
    };
    if plan.resumes {
        resumed(plan, path, &fresh).map_err(SearchError::Input)
    } else {
        Ok(fresh)
    }
}

/// What is hunted, in words that tell one hunt from another.
fn words(prey: &[Prey]) -> String {
    let words: Vec<String> = prey.iter().map(words_of).collect();
    words.join(", ")
}

fn words_of(prey: &Prey) -> String {
    match prey {
        Prey::Scenario { scenario, .. } => {
            let hash = text_hash(scenario.to_text());
            format!(
                "{} (the scenario with digest 0x{:04x})",
                scenario.name,
                hash >> 48
            )
        }
        Prey::Swarm {
            runner,
            environment,
            budget,
        } => {
            let unlimited = match environment {
                Environment::Promised => "",
                Environment::Unlimited => "unlimited ",
            };
            let name = runner.name();
            if budget.is_default() {
                return format!("{unlimited}swarms of {name}");
            }
            let budget = as_toml(budget);
            let budget = budget.trim_end().replace('\n', ", ");
            format!("{unlimited}swarms of {name} ({budget})")
        }
    }
}

/// The report of the same hunt, by the same build.
fn resumed(plan: &HuntPlan<'_>, path: &Path, fresh: &HuntReport) -> Result<HuntReport, String> {
    let file = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{file}: {error}: there is no hunt to resume"))?;
    let mut report: HuntReport = read_json(&text).map_err(|mistake| {
        let line = mistake.line(&text).unwrap_or(1);
        let message = mistake.message;
        format!("{file}:{line}: is not the state of a hunt: {message}")
    })?;
    if !report.is_plausible() {
        return Err(format!(
            "{file}: is not the state of a hunt: some count is more than any hunt can do"
        ));
    }
    if report.hunt != fresh.hunt {
        return Err(format!(
            "{file}: is the state of another hunt ({}), not of {}: leave --resume away, or write to another --out",
            report.hunt, fresh.hunt
        ));
    }
    let first = report.first_seed;
    if plan.seeds.is_some_and(|seeds| seeds.start != first) {
        return Err(format!(
            "{file}: began with seed {first}: go on with --seeds {first}..B, or leave --resume away"
        ));
    }
    if report.build != fresh.build {
        return Err(format!(
            "{file}: was hunted by another build ({}): its seeds would not mean the same; leave --resume away",
            report.build
        ));
    }
    report.last_seed = fresh.last_seed.or(report.last_seed);
    Ok(report)
}
