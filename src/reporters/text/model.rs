//! What a person reads of a search through every schedule.

use simulated_clock::Duration;

use crate::check::OMNISIM;
use crate::report::{
    Ended, ModelReport, PropertyKind, ScheduleReport, ViolationReport, acts, counted_as, number,
    size,
};
use crate::reporters::Styled;
use crate::units::Time;

/// The lines that `model` prints.
pub(super) fn model_summary(search: &ModelReport, styled: Styled) -> String {
    let mut text = format!(
        "{}: {}\n  bounds    {}\n",
        search.scenario,
        headline(search, styled),
        search.bounds
    );
    let mut row = |name: &str, content: &str| {
        text.push_str(&format!("  {name:<9} {content}\n"));
    };
    if let Some(from) = search.from {
        let (seed, until) = (from.seed, Time(Duration::from_nanos(from.until_ns)));
        row(
            "begins",
            &format!("with the run of seed {seed}, halted at {until}"),
        );
    }
    row("states", &states(search));
    if !search.reductions.is_empty() {
        row("reduced", &search.reductions.join(", "));
    }
    let needless = [&search.needless.checks[..], &search.needless.reductions].concat();
    if !needless.is_empty() {
        row(
            "without",
            &format!("nothing to leave out: {}", needless.join(", ")),
        );
    }
    if let Some(planted) = &search.planted {
        let (bug, acts) = (&planted.bug, acts(planted.deviations));
        row("PLANTED", &format!("the bug {bug} {acts}"));
    }
    row("replicas", &replicas(search));
    if let Some(settled) = search.settled {
        let settled = number(settled);
        row(
            "settled",
            &format!("from {settled} different states at rest"),
        );
    }
    for (title, holds) in [("reached", true), ("never", false)] {
        let names = sometimes(search, holds);
        if !names.is_empty() {
            row(title, &names);
        }
    }
    if let Some(flaw) = &search.flaw {
        row("flaw", flaw);
    }
    text.push_str(&schedule_lines(&search.schedule, &[]));
    for (name, content) in [("repro", &search.repro), ("replay", &search.replay)] {
        if let Some(content) = content {
            text.push_str(&format!("  {name:<9} {content}\n"));
        }
    }
    text
}

fn headline(search: &ModelReport, styled: Styled) -> String {
    if let Some(violation) = &search.violation {
        return broken(violation, styled);
    }
    if search.flaw.is_some() {
        return styled.bad("unknown: states of replicas were wrongly taken for the same; set model.identity = \"history\"");
    }
    if !search.complete {
        return unknown(search);
    }
    match (search.missed(), &search.nothing_proved) {
        (Some(missed), _) => styled.bad(&format!("FAILED: {missed}")),
        (None, Some(why)) => styled.bad(&format!("incomplete: {why}")),
        (None, None) => styled.good("every schedule within the bounds passes"),
    }
}

fn broken(violation: &ViolationReport, styled: Styled) -> String {
    let ViolationReport { check, message, .. } = violation;
    if check == OMNISIM {
        styled.bad(&format!("unknown: {message}"))
    } else if violation.expected {
        styled.good(&format!("VIOLATION {check}, as expected: {message}"))
    } else if let Some(name) = &violation.known {
        styled.bad(&format!("VIOLATION {check}, known as {name}: {message}"))
    } else {
        styled.bad(&format!("VIOLATION {check}: {message}"))
    }
}

/// Why nobody knows whether every schedule passes.
fn unknown(search: &ModelReport) -> String {
    match (&search.stopped_by, search.walks) {
        (Some(bound), _) => format!("unknown: {bound} came before every schedule was taken"),
        (None, Some(_)) => "unknown: random walks break nothing, and prove nothing".to_owned(),
        (None, None) if search.undecided => "unknown: whether what clients saw is linearizable \
             takes too long to say in some states"
            .to_owned(),
        (None, None) => "unknown: stopped before every schedule was taken".to_owned(),
    }
}

fn states(search: &ModelReport) -> String {
    let rate = search.states.saturating_mul(1_000_000_000) / search.wall_ns.max(1);
    let states = number(search.states);
    let covered = match search.walks {
        Some(walks) => format!("{states} on {} random walks", number(walks)),
        None => format!("{} different of {states}", number(search.unique_states)),
    };
    format!(
        "{covered}, schedules of up to {} steps; {} per second, about {}",
        number(search.depth),
        number(rate),
        size(search.bytes),
    )
}

fn replicas(search: &ModelReport) -> String {
    format!(
        "{} different states, {} steps; {} of clients",
        number(search.replica_states),
        number(search.replica_steps),
        counted_as(search.histories, "history", "histories"),
    )
}

/// What happens in some schedule, or in none.
fn sometimes(search: &ModelReport, holds: bool) -> String {
    let all = search.properties.iter();
    let names: Vec<_> = all
        .filter(|one| one.kind == PropertyKind::Sometimes && one.holds == holds)
        .map(|one| one.name.as_str())
        .collect();
    names.join(", ")
}

/// The lines that `replay` prints of a schedule.
pub(super) fn schedule_summary(schedule: &ScheduleReport, in_full: bool, styled: Styled) -> String {
    let ended = match schedule.ended {
        Ended::Reproduced => ", reproduced",
        Ended::NotReproduced => ", not reproduced",
        _ => "",
    };
    let headline = match &schedule.violation {
        Some(ViolationReport { check, message, .. }) => {
            styled.bad(&format!("VIOLATION {check}{ended}: {message}"))
        }
        None if schedule.flaw.is_some() => styled.bad("nothing is certain"),
        None if schedule.ended == Ended::NotReproduced => {
            styled.bad("nothing breaks, not reproduced")
        }
        None => styled.good("nothing breaks"),
    };
    let shows = if in_full { &schedule.shows[..] } else { &[] };
    format!(
        "{}: {headline}\n{}  digest    {}\n",
        schedule.scenario,
        schedule_lines(&schedule.schedule, shows),
        schedule.digest
    )
}

/// A schedule for people, one action per line, each with what replicas showed, if that is given.
pub(crate) fn schedule_lines(schedule: &[String], shows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (place, words) in schedule.iter().enumerate() {
        text.push_str(&format!("  {:>7}.  {words}\n", place + 1));
        for shown in shows.get(place).into_iter().flatten() {
            text.push_str(&format!("                {shown}\n"));
        }
    }
    text
}
