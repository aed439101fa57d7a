//! How cases end: what passed, what failed and why, and what nobody knows.

use crate::report::{
    BugReport, Ended, GraphReport, HistoryReport, HistoryVerdict, Judged, RunDifference, RunReport,
    ScenarioReport, ViolationReport,
};
#[cfg(feature = "explore")]
use crate::report::{ModelEnd, ModelReport, ScheduleReport, ShrinkReport};
use crate::reporters::text::history_summary;
use crate::search::{Catch, Kept};
use crate::world::Verdict;

/// How a case ended.
pub(super) enum End {
    Passed,
    /// What it was for is broken: its kind, a sentence, and how to see it again.
    Failed(String, String, String),
    /// Nobody knows whether it is.
    Undecided(String, String, String),
    /// Nobody tried, and why not.
    Skipped(String),
}

/// A case of a suite.
pub(super) struct Case {
    pub(super) suite: String,
    pub(super) name: String,
    pub(super) wall_ns: u64,
    pub(super) end: End,
}

/// How one run ended, as far as one can say.
pub(super) fn of_run(run: &RunReport) -> End {
    if run.ended == Ended::NotReproduced {
        return not_reproduced(run.replay.clone());
    }
    // What a repro shows is shown again, whether its scenario expects it or not.
    let shown = run.violations.first();
    let shown = shown.filter(|_| run.ended == Ended::Reproduced);
    let shown = shown.map(|one| (one.kind(), one.message.clone()));
    let Some((kind, message)) = run.surprise().or(shown) else {
        return End::Passed;
    };
    let told = |violation: &ViolationReport| format!("{}: {}", violation.kind(), violation.message);
    let mut lines: Vec<String> = run.violations.iter().map(told).collect();
    lines.extend(run.violations.is_empty().then(|| message.clone()));
    if !run.excerpt.is_empty() {
        lines.push("of the history:".to_owned());
        lines.extend(run.excerpt.clone());
    }
    lines.push(format!("replay: {}", run.replay));
    let more = lines.join("\n");
    match run.verdict {
        Verdict::Unknown => End::Undecided(kind, message, more),
        Verdict::Pass | Verdict::Violation => End::Failed(kind, message, more),
    }
}

fn not_reproduced(more: String) -> End {
    let message = "it does not show what the repro file says, or by other steps".to_owned();
    End::Failed("not reproduced".to_owned(), message, more)
}

/// The verdict over all seeds of a scenario: some things only they show together.
pub(super) fn of_all_seeds(scenario: &ScenarioReport) -> Case {
    let diverged = scenario.diverged.first();
    let end = match (diverged, &scenario.judged) {
        (Some(seed), _) => {
            let message = format!("seed {seed} took other steps the second time");
            End::Failed("not deterministic".to_owned(), message, String::new())
        }
        (None, Judged::AsExpected) => End::Passed,
        (None, Judged::NotAsExpected(why)) => End::Failed(
            "expectation".to_owned(),
            why.clone(),
            scenario.missed.join("\n"),
        ),
        (None, Judged::Incomplete(why)) => End::Undecided(
            "incomplete".to_owned(),
            why.clone(),
            scenario.missed.join("\n"),
        ),
    };
    Case {
        suite: scenario.scenario.clone(),
        name: "all seeds".to_owned(),
        wall_ns: 0,
        end,
    }
}

#[cfg(feature = "explore")]
pub(super) fn of_model(search: &ModelReport) -> End {
    if let Some(violation) = &search.violation {
        let mut lines = search.schedule.clone();
        lines.extend(
            search
                .replay
                .iter()
                .map(|replay| format!("replay: {replay}")),
        );
        let (kind, message) = (violation.kind(), violation.message.clone());
        return match search.end() {
            ModelEnd::AsExpected => End::Passed,
            ModelEnd::OwnPanic => End::Undecided(kind, message, lines.join("\n")),
            _ => End::Failed(kind, message, lines.join("\n")),
        };
    }
    if let Some(missed) = search.missed() {
        return End::Failed("expectation".to_owned(), missed, String::new());
    }
    let why = match (&search.nothing_proved, &search.stopped_by, &search.flaw) {
        (.., Some(flaw)) => flaw.clone(),
        (Some(why), ..) => why.clone(),
        (None, Some(bound), _) => format!("{bound} came before every schedule was taken"),
        (None, None, _) => "not every schedule was taken".to_owned(),
    };
    match search.end() {
        ModelEnd::AsExpected => End::Passed,
        _ => End::Undecided("incomplete".to_owned(), why, String::new()),
    }
}

pub(super) fn of_history(history: &HistoryReport) -> End {
    let text = history_summary(history);
    let message = text.lines().next().unwrap_or_default().to_owned();
    let kind = history.consistency.clone();
    match history.verdict {
        HistoryVerdict::Consistent => End::Passed,
        HistoryVerdict::Violation => End::Failed(kind, message, text),
        HistoryVerdict::Unknown => End::Undecided(kind, message, text),
    }
}

pub(super) fn of_bug(bug: &BugReport) -> End {
    let power = &bug.first;
    let kind = "not found".to_owned();
    if !bug.is_detected() {
        let message = format!("found in {} of {} hunts", power.found, power.hunts);
        End::Failed(kind, message, bug.card.description.clone())
    } else if !bug.replays() {
        let message = "what was shrunk does not replay".to_owned();
        End::Failed("not reproduced".to_owned(), message, String::new())
    } else {
        End::Passed
    }
}

pub(super) fn of_graph(graph: &GraphReport) -> End {
    let told = match (&graph.violation, graph.holds) {
        (Some(violation), _) => violation.message.clone(),
        (None, false) => "requests wait longer than is claimed".to_owned(),
        (None, true) => return End::Passed,
    };
    let kind = graph
        .violation
        .as_ref()
        .map_or_else(|| "claim".to_owned(), |one| one.kind());
    End::Failed(kind, told, String::new())
}

pub(super) fn of_difference(one: &RunDifference) -> End {
    let message = format!("{} here, {} there", one.here, one.there);
    if one.has_other_verdict() {
        End::Failed("other verdict".to_owned(), message, String::new())
    } else {
        End::Passed
    }
}

pub(super) fn of_catch(catch: &Catch, program: &str) -> End {
    let signature = catch.kind.signature.to_string();
    let replay = catch.replay(program);
    End::Failed(
        signature,
        catch.message.clone(),
        format!("replay: {replay}"),
    )
}

pub(super) fn of_kept(kept: &Kept) -> End {
    if kept.fails() {
        let message = format!("still shows {}", kept.signature);
        End::Failed(kept.signature.to_string(), message, String::new())
    } else {
        End::Passed
    }
}

/// A completed shrink passes; a schedule that does not return is a failure.
#[cfg(feature = "explore")]
pub(super) fn of_shrunk(shrunk: &ShrinkReport) -> End {
    match shrunk.hang() {
        Some(hang) => End::Failed(
            hang.check.clone(),
            hang.message.clone(),
            hang.schedule.join("\n"),
        ),
        None => End::Passed,
    }
}

#[cfg(feature = "explore")]
pub(super) fn of_schedule(schedule: &ScheduleReport) -> End {
    let actions = schedule.schedule.join("\n");
    if schedule.ended == Ended::NotReproduced && schedule.flaw.is_none() {
        return not_reproduced(actions);
    }
    match (&schedule.violation, &schedule.flaw) {
        (_, Some(flaw)) => End::Undecided("flaw".to_owned(), flaw.clone(), actions),
        (Some(one), None) => End::Failed(one.kind(), one.message.clone(), actions),
        (None, None) => End::Passed,
    }
}
