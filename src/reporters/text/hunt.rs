//! What a hunt says at its end: what it caught, where it looked, what that proves.

use std::collections::{BTreeMap, BTreeSet};

use super::run::row;
use crate::report::{counted, number};
use crate::reporters::{Settings, Styled};
use crate::search::{Catch, Form, HuntReport, Joined};

/// The most seeds of a scenario that are listed with a catch.
const SEEDS_MAX: usize = 12;

/// The most kept repro files that are listed.
const KEPT_MAX: usize = 12;

/// The end of a hunt, in words and in a map of where faults struck.
pub(in crate::reporters) fn hunt_summary(state: &HuntReport, settings: &Settings) -> String {
    let styled = settings.styled;
    let mut text = String::new();
    for catch in &state.catches {
        text.push_str(&caught(catch, settings));
    }
    text.push_str(&format!("{}\n", headline(state, styled)));
    text.push_str(&kept(state));
    text.push_str(&format!(
        "  hunted    {}, from seed {}\n",
        state.hunt, state.first_seed
    ));
    text.push_str(&format!(
        "  did       {} simulated seconds, {}, {}, {}\n",
        number(state.simulated_us / 1_000_000),
        counted(state.operations, "operation"),
        counted(state.faults.values().sum(), "fault"),
        counted(state.events, "event"),
    ));
    if state.wall_ns > 0 {
        text.push_str(&format!(
            "  took      {} s\n",
            state.wall_ns / 1_000_000_000
        ));
    }
    let differing = state.not_deterministic.len() as u64;
    match state.not_deterministic.first() {
        Some(seed) => text.push_str(&format!(
            "  differ    {}, first with seed {seed}\n",
            counted(differing, "run")
        )),
        None if state.twice > 0 => text.push_str(&format!(
            "  twice     {}, with the same steps\n",
            counted(state.twice, "run")
        )),
        None => {}
    }
    for (name, runs) in &state.expected {
        text.push_str(&format!(
            "  expected  what {name} says that it violates, in {}\n",
            counted(*runs, "run")
        ));
    }
    for (name, runs) in &state.known {
        text.push_str(&format!(
            "  known     {name} in {}\n",
            counted(*runs, "run")
        ));
    }
    let deepened = &state.deepened;
    if deepened.runs > 0 {
        text.push_str(&format!(
            "  deepened  {}: {}; every schedule of {} within the bounds\n",
            counted(deepened.runs, "run"),
            counted(deepened.states, "state"),
            number(deepened.complete),
        ));
    }
    if let Some(why) = &deepened.why {
        let runs = counted(deepened.passed_over, "run");
        text.push_str(&format!(
            "  deepened  not from {runs}, which cannot be searched; the first: {why}\n"
        ));
    }
    if !state.unknown.is_empty() {
        text.push_str(&format!(
            "  unknown   a check or the run reached its budget in {}, first in seed {}\n",
            counted(state.unknown.len() as u64, "run"),
            state.unknown[0]
        ));
    }
    if let Some(first) = state.skipped.first() {
        let seeds = counted(state.skipped.len() as u64, "seed");
        text.push_str(&format!(
            "  skipped   {seeds}, first {first}: hunts ended in them again and again\n"
        ));
    }
    text.push_str(&format!("  proves    {}\n", statistic(state)));
    text.push_str(&heat_map(state));
    text
}

/// The verdict on the hunt, in a line.
fn headline(state: &HuntReport, styled: Styled) -> String {
    let runs = counted(state.runs, "run");
    let caught = state.catches.len() as u64;
    let caught = match caught {
        0 => "nothing caught".to_owned(),
        some => format!("{} caught", counted(some, "violation")),
    };
    let differing = state.not_deterministic.len() as u64;
    if differing > 0 {
        let (differing, of) = (number(differing), counted(state.twice, "run"));
        let told = format!("NOT deterministic: {differing} of {of} made twice differ");
        // That nothing was caught says nothing then.
        return match state.catches.is_empty() {
            true => styled.bad(&told),
            false => format!("{} in {runs}", styled.bad(&format!("{told}; {caught}"))),
        };
    }
    let mut failing = state.kept.iter().filter(|kept| kept.fails());
    if let Some(first) = failing.next() {
        let still = match failing.count() as u64 {
            0 => format!("{} still fails", first.repro),
            more => format!(
                "{} and {} still fail",
                first.repro,
                counted(more, "more repro file")
            ),
        };
        let told = format!("FAILED: {still}; {caught}");
        return format!("{} in {runs}", styled.bad(&told));
    }
    if state.catches.is_empty() {
        format!("{} in {runs}", styled.good(&caught))
    } else {
        format!("{} in {runs}", styled.bad(&caught))
    }
}

/// The repro files of earlier hunts that still fail.
fn kept(state: &HuntReport) -> String {
    let failing: Vec<_> = state.kept.iter().filter(|kept| kept.fails()).collect();
    let first = failing.iter().take(KEPT_MAX);
    let mut text: String = first
        .map(|kept| format!("  kept      {}: {}\n", kept.repro, kept.told()))
        .collect();
    let more = failing.len().saturating_sub(KEPT_MAX) as u64;
    if more > 0 {
        text.push_str(&format!("  kept      and {} more\n", number(more)));
    }
    text
}

fn caught(catch: &Catch, settings: &Settings) -> String {
    let replay = catch.replay(&settings.program);
    let shrink = catch.shrink(&settings.program);
    let contract = match (catch.kind.in_contract, catch.small_in_contract) {
        (true, _) => WITHIN,
        (false, Some(true)) => {
            "outside what the system is written for; what is left of it is within, too"
        }
        (false, _) => OUTSIDE,
    };
    let left = catch.form.as_ref().map_or_else(String::new, left);
    let joined: String = catch.joined.iter().map(also).collect();
    let drawn = if catch.drawn.is_empty() {
        String::new()
    } else {
        row("drawn", &catch.drawn)
    };
    let planted = catch
        .kind
        .planted
        .as_ref()
        .map_or_else(String::new, |bug| format!("  PLANTED   the bug {bug}\n"));
    let shrink = shrink.map_or_else(String::new, |shrink| format!("  shrink    {shrink}\n"));
    format!(
        "{} {}: {}\n{planted}  contract  {contract}\n  first in  {}, seed {}\n  shown     {}\n{joined}{left}{drawn}  repro     {}\n  replay    {replay}\n{shrink}",
        settings.styled.bad("caught"),
        catch.kind.signature,
        catch.message,
        catch.scenario,
        catch.seed,
        shown(catch.runs, &catch.seeds),
        catch.repro,
    )
}

const WITHIN: &str = "within what the system is written for";
const OUTSIDE: &str = "outside what the system is written for";

/// What shrinking left of a catch.
fn left(form: &Form) -> String {
    let faults: Vec<_> = form.faults.iter().map(String::as_str).collect();
    let faults = if faults.is_empty() {
        "no fault".to_owned()
    } else {
        faults.join(", ")
    };
    format!(
        "  left      {faults}; {}, {}\n",
        counted(form.operations, "operation"),
        counted(form.replicas, "replica")
    )
}

/// Runs of which shrinking left the same.
fn also(joined: &Joined) -> String {
    let contract = if joined.kind.in_contract {
        WITHIN
    } else {
        OUTSIDE
    };
    format!(
        "  also      {contract}, {}; what is left of {}, seed {} is the same: {}\n",
        shown(joined.runs, &joined.seeds),
        joined.scenario,
        joined.seed,
        joined.repro
    )
}

/// The runs that showed a catch, by seed.
fn shown(runs: u64, seeds: &BTreeMap<String, Vec<u64>>) -> String {
    if runs == 0 {
        return "in a schedule that goes on from it".to_owned();
    }
    let of_one = |(scenario, seeds): (&String, &Vec<u64>)| {
        let first = seeds.iter().take(SEEDS_MAX);
        let first: Vec<_> = first.map(u64::to_string).collect();
        let more = match seeds.len().saturating_sub(SEEDS_MAX) {
            0 => String::new(),
            more => format!(" and {} more", number(more as u64)),
        };
        format!("{scenario}: {}{more}", first.join(" "))
    };
    let seeds: Vec<_> = seeds.iter().map(of_one).collect();
    format!("in {}; seeds of {}", counted(runs, "run"), seeds.join("; "))
}

/// With no failure in N independent runs, a failure rate above 3/N would have
/// shown with a probability of 95 % (the "rule of three": Hanley and
/// Lippman-Hand, JAMA 1983).
fn statistic(state: &HuntReport) -> String {
    let failed: u64 = state.catches.iter().map(Catch::all_runs).sum();
    if failed > 0 {
        return format!("{} of {} fail", number(failed), counted(state.runs, "run"));
    }
    if state.runs < 30 {
        return "too few runs to say anything".to_owned();
    }
    let other = if state.known.is_empty() && state.expected.is_empty() {
        ""
    } else {
        " by anything but what is known or expected"
    };
    format!(
        "with 95 % confidence, fewer than one in {} of such runs fails{other}",
        number(state.runs / 3)
    )
}

/// Kinds of fault down, moments and messages across; the darker, the more often.
fn heat_map(state: &HuntReport) -> String {
    let mut cells: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let (mut faults, mut columns) = (BTreeSet::new(), BTreeSet::new());
    for (place, count) in &state.coverage {
        let mut parts = place.splitn(3, '/');
        let (Some(fault), Some(moment), Some(message)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        faults.insert(fault);
        for column in [(0, moment), (1, message)] {
            columns.insert(column);
            *cells.entry((fault, column.1)).or_default() += count;
        }
    }
    if faults.is_empty() {
        return String::new();
    }
    let most = cells.values().copied().max().unwrap_or(1);
    let width = faults.iter().map(|fault| fault.len()).max().unwrap_or(0);
    let mut text = String::from("  where faults struck (none . rare to often ░▒▓█)\n");
    for fault in &faults {
        text.push_str(&format!("    {fault:<width$}  "));
        for (_, column) in &columns {
            let count = cells.get(&(*fault, *column)).copied().unwrap_or(0);
            text.push_str(&format!("{0}{0} ", shade(count, most)));
        }
        text.push('\n');
    }
    for (place, (_, column)) in columns.iter().enumerate() {
        let bars = "│  ".repeat(place);
        text.push_str(&format!("    {:width$}  {bars}└─ {column}\n", ""));
    }
    text
}

/// On a scale of powers: a hundred times rarer is two shades lighter.
fn shade(count: u64, most: u64) -> char {
    match count {
        0 => '.',
        _ if count >= most / 4 => '█',
        _ if count >= most / 32 => '▓',
        _ if count >= most / 256 => '▒',
        _ => '░',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Kept;

    fn state(runs: u64) -> HuntReport {
        HuntReport {
            hunt: "kv".to_owned(),
            runs,
            coverage: [
                ("crash/leading/Accepted".to_owned(), 4_000),
                ("crash/no leader/none".to_owned(), 1),
                ("cut/electing/Promise".to_owned(), 20),
            ]
            .into(),
            ..HuntReport::default()
        }
    }

    #[test]
    fn a_hunt_without_a_catch_says_what_that_proves() {
        let text = hunt_summary(&state(3_000), &Settings::default());
        assert!(text.contains("nothing caught in 3,000 runs"), "{text}");
        assert!(text.contains("fewer than one in 1,000"), "{text}");
        let few = hunt_summary(&state(5), &Settings::default());
        assert!(few.contains("too few runs"), "{few}");
    }

    #[test]
    fn a_kept_repro_that_still_fails_leads_the_summary() {
        let mut hunt = state(100);
        hunt.kept = vec![Kept::example("reports/a.repro.toml", Some("amnesia"))];
        let text = hunt_summary(&hunt, &Settings::default());
        let head = "FAILED: reports/a.repro.toml still fails; nothing caught in 100 runs\n  \
                    kept      reports/a.repro.toml: still shows agreement, step for step, with the \
                    PLANTED bug amnesia\n";
        assert!(text.starts_with(head), "{text}");
    }

    #[test]
    fn the_map_shows_what_was_struck_and_what_never_was() {
        let text = hunt_summary(&state(30), &Settings::default());
        let row = |name: &str| {
            let line = text
                .lines()
                .find(|line| line.trim_start().starts_with(name));
            line.unwrap_or_else(|| panic!("{name} has a row:\n{text}"))
                .to_owned()
        };
        assert!(row("crash").contains('█') && row("crash").contains('░'));
        assert!(row("cut").contains('.') && row("cut").contains('▒'));
        assert!(text.contains("└─ electing") && text.contains("└─ Promise"));
    }
}
