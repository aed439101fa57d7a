//! What a hunt says at its end: what it caught, where it looked, what that proves.

use std::collections::{BTreeMap, BTreeSet};

use super::text::row;
use super::{Styled, counted, number};
use crate::search::{Catch, HuntState};

/// The end of a hunt, in words and in a map of where faults struck.
pub fn hunt_summary(
    state: &HuntState,
    replay: &dyn Fn(&Catch) -> String,
    styled: Styled,
) -> String {
    let mut text = String::new();
    for catch in &state.catches {
        text.push_str(&caught(catch, &replay(catch), styled));
    }
    let verdict = if state.catches.is_empty() {
        styled.good("nothing caught")
    } else {
        styled.bad(&format!(
            "{} caught",
            counted(state.catches.len() as u64, "violation")
        ))
    };
    text.push_str(&format!("{verdict} in {}\n", counted(state.runs, "run")));
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
    let deepened = state.deepened;
    if deepened.runs > 0 {
        text.push_str(&format!(
            "  deepened  {}: {}; every schedule of {} within the bounds\n",
            counted(deepened.runs, "run"),
            counted(deepened.states, "state"),
            number(deepened.complete),
        ));
    }
    if !state.unknown.is_empty() {
        text.push_str(&format!(
            "  unknown   a check reached its budget in {}, first in seed {}\n",
            counted(state.unknown.len() as u64, "run"),
            state.unknown[0]
        ));
    }
    text.push_str(&format!("  proves    {}\n", statistic(state)));
    text.push_str(&heat_map(state));
    text
}

fn caught(catch: &Catch, replay: &str, styled: Styled) -> String {
    let contract = if catch.in_contract {
        "within what the system is written for"
    } else {
        "outside what the system is written for"
    };
    let drawn = if catch.drawn.is_empty() {
        String::new()
    } else {
        row("drawn", &catch.drawn)
    };
    let shown = match catch.runs {
        0 => "in a schedule that goes on from it".to_owned(),
        runs => format!("in {}", counted(runs, "run")),
    };
    format!(
        "{} {}: {}\n  first in  {}, seed {}; {shown}; {contract}\n{drawn}  repro     {}\n  replay    {replay}\n",
        styled.bad("caught"),
        catch.signature,
        catch.message,
        catch.scenario,
        catch.seed,
        catch.repro,
    )
}

/// With no failure in N independent runs, a failure rate above 3/N would have
/// shown with a probability of 95 % (the "rule of three": Hanley and
/// Lippman-Hand, JAMA 1983).
fn statistic(state: &HuntState) -> String {
    let failed: u64 = state.catches.iter().map(|catch| catch.runs).sum();
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
fn heat_map(state: &HuntState) -> String {
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

    fn state(runs: u64) -> HuntState {
        HuntState {
            hunt: "kv".to_owned(),
            runs,
            coverage: [
                ("crash/leading/Accepted".to_owned(), 4_000),
                ("crash/no leader/none".to_owned(), 1),
                ("cut/electing/Promise".to_owned(), 20),
            ]
            .into(),
            ..HuntState::default()
        }
    }

    #[test]
    fn a_hunt_without_a_catch_says_what_that_proves() {
        let text = hunt_summary(&state(3_000), &|_| String::new(), Styled { colours: false });
        assert!(text.contains("nothing caught in 3,000 runs"), "{text}");
        assert!(text.contains("fewer than one in 1,000"), "{text}");
        let few = hunt_summary(&state(5), &|_| String::new(), Styled { colours: false });
        assert!(few.contains("too few runs"), "{few}");
    }

    #[test]
    fn the_map_shows_what_was_struck_and_what_never_was() {
        let text = hunt_summary(&state(30), &|_| String::new(), Styled { colours: false });
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
