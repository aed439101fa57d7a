//! Where a hunt begins: anew, or where an earlier one stood.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::args::HuntArgs;
use crate::report::Build;
use crate::search::Environment;
use crate::search::{HuntState, Prey};
use crate::units::read_json;

/// What is hunted, in words that tell one hunt from another.
pub(super) fn words(prey: &[Prey]) -> String {
    let words: Vec<String> = prey
        .iter()
        .map(|prey| match prey {
            Prey::Scenario { scenario, .. } => {
                let hash = crate::decision::hash::text_hash(scenario.to_text());
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
                let budget = toml::to_string(budget).expect("numbers can be written");
                let budget = budget.trim_end().replace('\n', ", ");
                format!("{unlimited}swarms of {name} ({budget})")
            }
        })
        .collect();
    words.join(", ")
}

pub(super) fn build() -> String {
    let Build {
        omnisim, omnipaxos, ..
    } = Build::current();
    format!("omnisim {omnisim}, omnipaxos {omnipaxos}")
}

/// New ground every time, unless the seeds are given.
#[expect(
    clippy::disallowed_types,
    reason = "which seeds are hunted is drawn once, and printed; no run depends on when"
)]
pub(super) fn first_seed(options: &HuntArgs) -> u64 {
    if let Some(seeds) = &options.seeds {
        return seeds.start;
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().wrapping_mul(1_000_000))
}

/// The state of the same hunt, by the same build.
pub(super) fn resumed(
    options: &HuntArgs,
    path: &Path,
    fresh: &HuntState,
) -> Result<HuntState, Exit> {
    let file = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Exit::usage(format!("{file}: {error}: there is no hunt to resume")))?;
    let mut state: HuntState = read_json(&text).map_err(|mistake| {
        let line = mistake.line(&text).unwrap_or(1);
        let message = mistake.message;
        Exit::usage(format!(
            "{file}:{line}: is not the state of a hunt: {message}"
        ))
    })?;
    if !state.is_plausible() {
        return Err(Exit::usage(format!(
            "{file}: is not the state of a hunt: some count is more than any hunt can do"
        )));
    }
    if state.hunt != fresh.hunt {
        return Err(Exit::usage(format!(
            "{file}: is the state of another hunt ({}), not of {}: leave --resume away, or write to another --out",
            state.hunt, fresh.hunt
        )));
    }
    if options
        .seeds
        .as_ref()
        .is_some_and(|seeds| seeds.start != state.first_seed)
    {
        return Err(Exit::usage(format!(
            "{file}: began with seed {}: go on with --seeds {}..B, or leave --resume away",
            state.first_seed, state.first_seed
        )));
    }
    if state.build != fresh.build {
        return Err(Exit::usage(format!(
            "{file}: was hunted by another build ({}): its seeds would not mean the same; leave --resume away",
            state.build
        )));
    }
    state.last_seed = fresh.last_seed.or(state.last_seed);
    Ok(state)
}
