//! What a search through every schedule found, for people and for programs.

use std::path::Path;

use serde_json::{Value, json};

use super::Styled;
use super::nothing_proved::{acts, incomplete, unseen_bug};
use crate::check::{self, LINEARIZABILITY};
use crate::explore::{Explored, Progress, Reduction, Scheduled};
use crate::report::{counted_as, number, size};
use crate::repro::digest_text;
use crate::scenario::{Beginning, Scenario};

/// Checks that only the end of a run could fail.
const AT_THE_END: [&str; 3] = ["convergence", "completion", "acknowledged_survives"];

/// Those of them that states at rest are put to, where the scenario asks for it.
const SETTLED: [&str; 2] = ["convergence", "completion"];

/// A search with what is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Modelled<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub explored: &'a Explored,
    /// How long it took, in nanoseconds of the wall clock.
    pub wall_ns: u64,
    /// What ended it before every schedule was taken.
    pub stopped_by: Option<&'a str>,
    /// The repro file of the schedule that breaks something, and the command that replays it.
    pub repro: Option<(&'a Path, &'a str)>,
}

impl Modelled<'_> {
    /// `pass`, `violation` or `unknown`.
    pub fn verdict(&self) -> &'static str {
        match (&self.explored.violation, self.explored.complete) {
            (Some(violation), _) if violation.is_own() => "unknown",
            (Some(_), _) => "violation",
            (None, true) if self.proves_something() => "pass",
            (None, _) => "unknown",
        }
    }

    /// Whether what had to happen did, and the bug that is planted, if one is, was seen.
    fn proves_something(&self) -> bool {
        self.explored.missing.is_empty() && unseen_bug(self.scenario, self.explored).is_none()
    }

    /// Checks that the scenario does without and that the search would not come to anyway.
    fn needless_checks(&self) -> Vec<&str> {
        let without = self.scenario.check.without.iter().map(String::as_str);
        let is_put = |name: &&str| {
            check::names().contains(name)
                && (!AT_THE_END.contains(name) || (self.settles() && SETTLED.contains(name)))
        };
        without.filter(|name| !is_put(name)).collect()
    }

    /// Whether every schedule within the bounds was taken.
    fn is_complete(&self) -> bool {
        self.explored.violation.is_none() && self.explored.complete
    }

    fn settles(&self) -> bool {
        self.explored.settled.is_some()
    }

    /// Whether the scenario says that this check fails.
    fn is_expected(&self, check: &str) -> bool {
        let model = self.scenario.model.as_ref();
        model.is_some_and(|model| model.expects(check))
    }

    /// The checks that every state was put to.
    fn checks(&self) -> impl Iterator<Item = &'static str> + '_ {
        let without = &self.scenario.check.without;
        let names = check::names().iter().copied();
        names
            .filter(move |name| {
                let is_put =
                    !AT_THE_END.contains(name) || (self.settles() && SETTLED.contains(name));
                is_put && !without.iter().any(|other| other == name)
            })
            .filter(|name| {
                *name != LINEARIZABILITY || self.scenario.check.demands_linearizability()
            })
    }
}

/// The object that `model --format json` prints.
pub fn model_object(modelled: &Modelled<'_>) -> Value {
    let explored = modelled.explored;
    let broken = explored.violation.as_ref().map(|violation| violation.check);
    let always = modelled
        .checks()
        .map(|name| json!({ "name": name, "kind": "always", "holds": broken != Some(name) }));
    let sometimes = explored
        .reached
        .all()
        .map(|(name, holds)| json!({ "name": name, "kind": "sometimes", "holds": holds }));
    json!({
        "schema": 1,
        "scenario": modelled.scenario.name,
        "from": from(modelled).map(|from| json!({ "seed": from.seed, "until_ns": from.until.as_nanos() })),
        "verdict": modelled.verdict(),
        "complete": modelled.is_complete(),
        "states": explored.progress.states,
        "unique_states": explored.progress.unique_states,
        "depth": explored.progress.depth,
        "walks": explored.progress.walks,
        "bytes": explored.progress.bytes,
        "reductions": explored.reductions,
        "needless": { "reductions": explored.needless, "checks": modelled.needless_checks() },
        "planted": modelled.scenario.selftest.planted.as_ref().map(|bug| json!({
            "bug": bug,
            "deviations": explored.deviations,
        })),
        "stopped_by": modelled.stopped_by,
        "undecided": explored.undecided,
        "missing": explored.missing,
        "properties": always.chain(sometimes).collect::<Vec<_>>(),
        "violation": explored.violation,
        "schedule": explored.schedule.iter().map(|step| &step.words).collect::<Vec<_>>(),
        "actions": explored.schedule.iter().map(|step| &step.line).collect::<Vec<_>>(),
        "digest": explored.violation.as_ref().map(|_| digest_text(explored.digest)),
        "flaw": explored.flaw,
        "replica_states": explored.replica_states.0,
        "replica_steps": explored.replica_states.1,
        "histories": explored.histories,
        "settled": explored.settled,
        "wall_ns": modelled.wall_ns,
        "repro": modelled.repro.map(|(path, _)| path.display().to_string()),
        "replay": modelled.repro.map(|(_, command)| command),
    })
}

/// The lines that `model` prints.
pub fn model_summary(modelled: &Modelled<'_>, styled: Styled) -> String {
    let explored = modelled.explored;
    let progress = explored.progress;
    let headline = match &explored.violation {
        Some(violation) => {
            let (check, message) = (violation.check, &violation.message);
            if violation.is_own() {
                styled.bad(&format!("unknown: {message}"))
            } else if modelled.is_expected(check) {
                styled.good(&format!("VIOLATION {check}, as expected: {message}"))
            } else if let Some(name) = modelled.scenario.known_finding(violation) {
                styled.bad(&format!("VIOLATION {check}, known as {name}: {message}"))
            } else {
                styled.bad(&format!("VIOLATION {check}: {message}"))
            }
        }
        None if explored.flaw.is_some() => {
            styled.bad("unknown: states of replicas were wrongly taken for the same; set model.identity = \"history\"")
        }
        None if explored.complete && modelled.proves_something() => {
            styled.good("every schedule within the bounds passes")
        }
        None if explored.complete && explored.missing.is_empty() => {
            let why = unseen_bug(modelled.scenario, explored).unwrap_or_default();
            styled.bad(&format!("incomplete: {why}"))
        }
        None if explored.complete => {
            let model = modelled.scenario.model.as_ref();
            styled.bad(&incomplete(model.expect("it was searched"), explored))
        }
        None => unknown(modelled),
    };
    let rate = progress.states.saturating_mul(1_000_000_000) / modelled.wall_ns.max(1);
    let mut text = format!(
        "{}: {headline}\n  bounds    {}\n",
        modelled.scenario.name,
        bounds(modelled.scenario)
    );
    if let Some(from) = from(modelled) {
        let (seed, until) = (from.seed, from.until);
        text.push_str(&format!(
            "  begins    with the run of seed {seed}, halted at {until}\n"
        ));
    }
    text.push_str(&format!(
        "  states    {}, schedules of up to {} steps; {} per second, about {}\n",
        covered(progress),
        number(progress.depth),
        number(rate),
        size(progress.bytes),
    ));
    if !explored.reductions.is_empty() {
        text.push_str(&format!("  reduced   {}\n", names(&explored.reductions)));
    }
    let needless = modelled.needless_checks().into_iter();
    let needless = needless.chain(explored.needless.iter().map(|reduction| reduction.name()));
    let needless = needless.collect::<Vec<_>>().join(", ");
    if !needless.is_empty() {
        text.push_str(&format!("  without   nothing to leave out: {needless}\n"));
    }
    if let Some(bug) = &modelled.scenario.selftest.planted {
        text.push_str(&format!("  PLANTED   the bug {bug} {}\n", acts(explored)));
    }
    text.push_str(&format!(
        "  replicas  {} different states, {} steps; {} of clients\n",
        number(explored.replica_states.0 as u64),
        number(explored.replica_states.1 as u64),
        counted_as(explored.histories as u64, "history", "histories"),
    ));
    if let Some(settled) = explored.settled {
        let settled = number(settled as u64);
        text.push_str(&format!(
            "  settled   from {settled} different states at rest\n"
        ));
    }
    let named = |wanted| {
        let all = explored
            .reached
            .all()
            .filter(move |(_, holds)| *holds == wanted);
        all.map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    };
    for (title, names) in [("reached", named(true)), ("never", named(false))] {
        if !names.is_empty() {
            text.push_str(&format!("  {title:<9} {names}\n"));
        }
    }
    if let Some(flaw) = &explored.flaw {
        text.push_str(&format!("  flaw      {flaw}\n"));
    }
    text.push_str(&schedule_lines(&explored.schedule, false));
    if let Some((path, command)) = modelled.repro {
        text.push_str(&format!(
            "  repro     {}\n  replay    {command}\n",
            path.display()
        ));
    }
    text
}

/// The run with which every schedule begins.
fn from<'a>(modelled: &Modelled<'a>) -> Option<&'a Beginning> {
    modelled.scenario.model.as_ref()?.from.as_ref()
}

fn covered(progress: Progress) -> String {
    match progress.walks {
        Some(walks) => format!(
            "{} on {} random walks",
            number(progress.states),
            number(walks)
        ),
        None => format!(
            "{} different of {}",
            number(progress.unique_states),
            number(progress.states)
        ),
    }
}

/// Why nobody knows whether every schedule passes.
fn unknown(modelled: &Modelled<'_>) -> String {
    match (modelled.stopped_by, modelled.explored.progress.walks) {
        (Some(bound), _) => format!("unknown: {bound} came before every schedule was taken"),
        (None, Some(_)) => "unknown: random walks break nothing, and prove nothing".to_owned(),
        (None, None) if modelled.explored.undecided => "unknown: whether what clients saw is \
             linearizable takes too long to say in some states"
            .to_owned(),
        (None, None) => "unknown: stopped before every schedule was taken".to_owned(),
    }
}

fn names(reductions: &[Reduction]) -> String {
    let names = reductions.iter().map(|reduction| reduction.name());
    names.collect::<Vec<_>>().join(", ")
}

/// A schedule for people, one action per line; `with_shows` tells what replicas
/// showed, too.
pub fn schedule_lines(schedule: &[Scheduled], with_shows: bool) -> String {
    let mut text = String::new();
    for (number, step) in (1..).zip(schedule) {
        text.push_str(&format!("  {number:>7}.  {}\n", step.words));
        for shown in step.shows.iter().filter(|_| with_shows) {
            text.push_str(&format!("                {shown}\n"));
        }
    }
    text
}

/// What was allowed, as somebody would quote it.
fn bounds(scenario: &Scenario) -> String {
    let Some(model) = &scenario.model else {
        return String::new();
    };
    let count = |count: u8, one: &str, many: &str| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    let mut parts = vec![format!("{} replicas", scenario.cluster.replicas)];
    let operations = u8::try_from(model.operations()).unwrap_or(u8::MAX);
    parts.extend(count(operations, "command", "commands"));
    parts.extend(count(model.attempts, "attempt to lead", "attempts to lead"));
    parts.extend(count(model.ticks, "tick", "ticks"));
    parts.extend(count(model.time, "step of time", "steps of time"));
    parts.extend(count(model.crashes, "crash", "crashes"));
    parts.extend(count(
        model.unsynced,
        "write lost in a crash",
        "writes lost in crashes",
    ));
    parts.extend(count(model.breaks, "broken session", "broken sessions"));
    parts.extend(count(model.cuts, "cut link", "cut links"));
    parts.extend(count(model.losses, "lost message", "lost messages"));
    parts.extend(count(model.duplicates, "duplicate", "duplicates"));
    parts.extend(count(
        model.reorders,
        "message out of order",
        "messages out of order",
    ));
    parts.extend(count(model.retries, "retry", "retries"));
    parts.join(", ")
}
