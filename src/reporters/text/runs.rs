//! What a person reads at the end of runs: a line or a few for each scenario, and the last one.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::{
    Commands, Judged, RunsReport, ScenarioReport, Surprise, Totals, counted, number,
};
use crate::reporters::{Printed, Settings, Styled};

/// How many runs of a scenario that are not as expected are told in full.
pub(super) const FULL_MIN: usize = 3;

/// The most seeds that are listed of those that fail alike.
const SEEDS_MAX: usize = 12;

/// What is said of each scenario and of all: on standard output for people, and what is not as
/// expected on standard error for those who read something else.
pub(in crate::reporters) fn end_of_runs(runs: &RunsReport, settings: &Settings) -> Printed {
    let mut printed = Printed::default();
    for scenario in &runs.scenarios {
        let line = line(scenario, settings.styled);
        let below = below(scenario);
        if !settings.is_alone {
            let totals = settings.styled.dim(&totals(scenario));
            let rest = rest(scenario, settings);
            printed
                .out
                .push_str(&format!("{line} {totals}\n{below}{rest}"));
        } else if !scenario.is_good() {
            printed.out.push_str(&format!("{line}\n{below}"));
        }
        if !scenario.is_good() {
            printed.err.push_str(&format!("{line}\n{below}"));
        }
    }
    if runs.scenarios.len() > 1 {
        let last = last_line(runs);
        printed.out.push_str(&format!("{last}\n"));
        if !settings.quiet {
            printed.err.push_str(&format!("{last}\n"));
        }
    }
    printed
}

/// The verdict over a scenario, and what was seen in it.
fn line(scenario: &ScenarioReport, styled: Styled) -> String {
    let name = &scenario.scenario;
    let why = scenario.judged.why();
    let verdict = match &scenario.judged {
        _ if !scenario.diverged.is_empty() => format!(
            "{} {name}: {} of {} that ran twice differ",
            styled.bad("NOT deterministic"),
            number(scenario.diverged.len() as u64),
            counted(scenario.twice, "seed")
        ),
        Judged::AsExpected => format!("{} {name}", styled.good("ok")),
        Judged::NotAsExpected(_) => format!("{} {name}: {why}", styled.bad("FAILED")),
        Judged::Incomplete(_) => format!("{} {name}: {why}", styled.bad("INCOMPLETE")),
    };
    format!(
        "{verdict}{}{}{}",
        seen(scenario),
        listed("never began", &scenario.never_began),
        listed(
            "nothing to evaluate for what check.without leaves out",
            &scenario.needless
        ),
    )
}

fn listed(what: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!(", {what}: {}", names.join(", "))
}

/// What was seen as expected or known; surprises are told as the reason of the verdict.
fn seen(scenario: &ScenarioReport) -> String {
    let of = counted(scenario.seeds, "seed");
    let seen = scenario.seen.iter();
    seen.map(|(name, seeds)| format!(", {name} in {} of {of}", seeds.len()))
        .collect()
}

/// What the planted bug did, and what struck nothing although it has to.
fn below(scenario: &ScenarioReport) -> String {
    let planted = scenario.planted.as_ref().map_or_else(String::new, |bug| {
        let seeds = counted(scenario.seeds, "seed");
        format!(
            "  PLANTED   the bug {} {} in {seeds}\n",
            bug.fault, bug.told
        )
    });
    let missed = scenario.missed.iter();
    missed.fold(planted, |text, line| format!("{text}  {line}\n"))
}

/// The seeds that are not as expected, where not all of them were told in full.
fn rest(scenario: &ScenarioReport, settings: &Settings) -> String {
    let all = scenario.surprising();
    if all <= FULL_MIN as u64 {
        return String::new();
    }
    let kept: usize = scenario.surprises.iter().map(|one| one.repros.len()).sum();
    let files = if kept as u64 == all {
        String::new()
    } else {
        "of the first of each kind ".to_owned()
    };
    let mut text = format!(
        "  {} are not as expected; repro files {files}are in {}\n",
        counted(all, "seed"),
        scenario.folder
    );
    text.extend(scenario.surprises.iter().map(kind_of_surprise));
    if (kept as u64) < all {
        let commands = Commands {
            program: &settings.program,
            file: Path::new(&scenario.file),
            seed: None,
            system: None,
        };
        text.push_str(&format!("  replay    {} --seed N\n", commands.replay()));
    }
    text
}

/// `linearizability (stale read) in 120 seeds: 0 1 2 and 117 more`.
fn kind_of_surprise(surprise: &Surprise) -> String {
    let first = surprise.seeds.iter().take(SEEDS_MAX);
    let first: Vec<_> = first.map(u64::to_string).collect();
    let more = match surprise.seeds.len().saturating_sub(SEEDS_MAX) {
        0 => String::new(),
        more => format!(" and {} more", number(more as u64)),
    };
    format!(
        "    {} in {}: {}{more}\n",
        surprise.kind,
        counted(surprise.seeds.len() as u64, "seed"),
        first.join(" ")
    )
}

/// All that the runs of a scenario add up to.
fn totals(scenario: &ScenarioReport) -> String {
    let Totals {
        operations,
        faults,
        leader_changes,
        simulated_ns,
        wall_ns,
        unavailability_tenths,
    } = scenario.totals;
    // Where it is not all, it is said of all scenarios together, at the end.
    let is_all_twice = scenario.twice >= scenario.seeds && scenario.diverged.is_empty();
    let twice = if is_all_twice {
        ", each run twice with the same steps"
    } else {
        ""
    };
    format!(
        "({}{twice}, {}, {}, {}, unavailable up to {}.{} election timeouts, {}, {} times real \
         time per core)",
        counted(scenario.seeds, "seed"),
        counted(operations, "operation"),
        counted(faults, "fault"),
        counted(leader_changes, "leader change"),
        unavailability_tenths / 10,
        unavailability_tenths % 10,
        counted(simulated_ns / 1_000_000_000, "simulated second"),
        number(simulated_ns / wall_ns.max(1)),
    )
}

/// The last line: scenarios, seeds, verdicts and known findings.
fn last_line(runs: &RunsReport) -> String {
    let all = &runs.scenarios;
    let seeds = all.iter().map(|one| one.seeds).sum();
    let twice: u64 = all.iter().map(|one| one.twice).sum();
    let mut text = format!(
        "{}, {}: {}",
        counted(all.len() as u64, "scenario"),
        counted(seeds, "seed"),
        verdicts(all)
    );
    let mut known: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, seeds) in all.iter().flat_map(|one| &one.known) {
        *known.entry(name).or_default() += seeds.len() as u64;
    }
    if !known.is_empty() {
        let seen = known.iter();
        let seen: Vec<_> = seen
            .map(|(name, seeds)| format!("{name} in {}", counted(*seeds, "seed")))
            .collect();
        text.push_str(&format!("; known findings: {}", seen.join(", ")));
    }
    if twice > 0 && all.iter().all(|one| one.diverged.is_empty()) {
        let twice = counted(twice, "seed");
        text.push_str(&format!("; {twice} run twice with the same steps"));
    }
    text.push_str(&format!("; took {:.1} s", runs.wall_ns as f64 / 1e9));
    text
}

/// `9 as expected, 1 incomplete`.
fn verdicts(all: &[ScenarioReport]) -> String {
    let mut counts = [
        (0, "as expected"),
        (0, "not as expected"),
        (0, "incomplete"),
        (0, "not deterministic"),
    ];
    for one in all {
        let place = match one.judged {
            _ if !one.diverged.is_empty() => 3,
            Judged::AsExpected => 0,
            Judged::NotAsExpected(_) => 1,
            Judged::Incomplete(_) => 2,
        };
        counts[place].0 += 1;
    }
    if counts[0].0 == all.len() as u64 && !all.is_empty() {
        return "all as expected".to_owned();
    }
    let some = counts.iter().enumerate();
    let some = some.filter(|(place, (count, _))| *place == 0 || *count > 0);
    let words: Vec<_> = some
        .map(|(_, (count, what))| format!("{} {what}", number(*count)))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests;
