//! JUnit XML, which continuous integration reads: a suite for each scenario, a case for each seed,
//! and one for what only all seeds together show.

mod xml;

use super::text::history_summary;
use super::{Format, Printed, Reporter, Settings};
use crate::report::{
    Comparison, HistoryReport, HistoryVerdict, Judged, RunDifference, RunReport, RunsReport,
    ScenarioReport,
};
#[cfg(feature = "explore")]
use crate::report::{ModelEnd, ModelReport, ScheduleReport};
use crate::search::{Catch, HuntReport, Kept};
use crate::world::Verdict;
use xml::Element;

/// `--format junit`.
pub(super) const FORMAT: Format = Format {
    name: "junit",
    about: "One JUnit XML document, for continuous integration",
    is_for_people: false,
    reporter: |settings| Box::new(Junit::new(settings)),
};

/// Cases are kept until all are known: the document says first how many there are.
struct Junit {
    settings: Settings,
    cases: Vec<Case>,
}

/// A case of a suite.
struct Case {
    suite: String,
    name: String,
    wall_ns: u64,
    end: End,
}

/// How a case ended.
enum End {
    Passed,
    /// What it was for is broken: its kind, a sentence, and how to see it again.
    Failed(String, String, String),
    /// Nobody knows whether it is.
    Undecided(String, String, String),
}

impl Junit {
    fn new(settings: Settings) -> Self {
        Self {
            settings,
            cases: Vec::new(),
        }
    }

    /// A document with one case.
    #[cfg(feature = "explore")]
    fn only(&mut self, suite: &str, name: String, wall_ns: u64, end: End) -> Printed {
        self.cases = vec![Case {
            suite: suite.to_owned(),
            name,
            wall_ns,
            end,
        }];
        self.document(wall_ns)
    }

    fn document(&mut self, wall_ns: u64) -> Printed {
        let cases = std::mem::take(&mut self.cases);
        let mut all = Element::new("testsuites").with("name", "omnisim");
        all = counted(all, cases.iter(), wall_ns);
        for of_suite in cases.chunk_by(|one, next| one.suite == next.suite) {
            let wall_ns = of_suite.iter().map(|case| case.wall_ns).sum();
            let suite = Element::new("testsuite").with("name", &of_suite[0].suite);
            let suite = counted(suite, of_suite.iter(), wall_ns);
            all.push(
                of_suite
                    .iter()
                    .fold(suite, |suite, case| suite.holding(case.element())),
            );
        }
        Printed::out(all.document())
    }
}

/// An element with the counts of its cases.
fn counted<'a>(element: Element, cases: impl Iterator<Item = &'a Case>, wall_ns: u64) -> Element {
    let (mut tests, mut failures, mut errors) = (0_u64, 0_u64, 0_u64);
    for case in cases {
        tests += 1;
        failures += u64::from(matches!(case.end, End::Failed(..)));
        errors += u64::from(matches!(case.end, End::Undecided(..)));
    }
    element
        .with("tests", &tests.to_string())
        .with("failures", &failures.to_string())
        .with("errors", &errors.to_string())
        .with("time", &seconds(wall_ns))
}

impl Case {
    fn element(&self) -> Element {
        let case = Element::new("testcase")
            .with("classname", &self.suite)
            .with("name", &self.name)
            .with("time", &seconds(self.wall_ns));
        let (what, (kind, message, more)) = match &self.end {
            End::Passed => return case,
            End::Failed(kind, message, more) => ("failure", (kind, message, more)),
            End::Undecided(kind, message, more) => ("error", (kind, message, more)),
        };
        let end = Element::new(what)
            .with("type", kind)
            .with("message", message);
        case.holding(end.saying(more))
    }
}

fn seconds(nanos: u64) -> String {
    format!("{:.3}", nanos as f64 / 1e9)
}

/// How one run ended, as far as one can say.
fn end_of(run: &RunReport) -> End {
    let Some((kind, message)) = run.surprise() else {
        return End::Passed;
    };
    let mut lines = vec![message.clone()];
    lines.extend(run.excerpt.clone());
    lines.push(format!("replay: {}", run.replay));
    let more = lines.join("\n");
    match run.verdict {
        Verdict::Unknown => End::Undecided(kind, message, more),
        Verdict::Pass | Verdict::Violation => End::Failed(kind, message, more),
    }
}

/// The verdict over all seeds of a scenario: some things only they show together.
fn expectation(scenario: &ScenarioReport) -> Case {
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

impl Reporter for Junit {
    fn run(&mut self, run: &RunReport) -> Printed {
        self.cases.push(Case {
            suite: run.scenario.clone(),
            name: format!("seed {}", run.seed),
            wall_ns: run.wall_ns,
            end: end_of(run),
        });
        Printed::default()
    }

    fn runs(&mut self, runs: &RunsReport) -> Printed {
        self.cases.extend(runs.scenarios.iter().map(expectation));
        // Stable: a scenario's cases keep their order, that of all its seeds comes last.
        let place = |case: &Case| {
            runs.scenarios
                .iter()
                .position(|one| one.scenario == case.suite)
        };
        self.cases.sort_by_key(place);
        self.document(runs.wall_ns)
    }

    fn hunted(&mut self, _: &RunReport) -> Printed {
        Printed::default()
    }

    fn hunt(&mut self, hunt: &HuntReport) -> Printed {
        let suite = format!("hunt of {}", hunt.hunt);
        let case = |name: String, wall_ns: u64, end: End| Case {
            suite: suite.clone(),
            name,
            wall_ns,
            end,
        };
        let kept = hunt
            .kept
            .iter()
            .map(|kept| case(kept.repro.clone(), 0, kept_end(kept)));
        let runs = format!("{} runs from seed {}", hunt.runs, hunt.first_seed);
        let program = &self.settings.program;
        let caught: Vec<_> = hunt
            .catches
            .iter()
            .map(|catch| {
                let name = format!("{}, seed {}", catch.scenario, catch.seed);
                case(name, 0, caught_end(catch, program))
            })
            .collect();
        let whole = match hunt.problem() {
            _ if !caught.is_empty() => None,
            None => Some(End::Passed),
            Some(why) => Some(End::Undecided("incomplete".to_owned(), why, String::new())),
        };
        self.cases = kept.chain(caught).collect();
        self.cases
            .extend(whole.map(|end| case(runs, hunt.wall_ns, end)));
        self.document(hunt.wall_ns)
    }

    #[cfg(feature = "explore")]
    fn model(&mut self, search: &ModelReport) -> Printed {
        let name = format!("every schedule of {}", search.bounds);
        self.only(&search.scenario, name, search.wall_ns, end_of_model(search))
    }

    #[cfg(feature = "explore")]
    fn schedule(&mut self, schedule: &ScheduleReport, _: bool) -> Printed {
        let actions = schedule.schedule.join("\n");
        let end = match (&schedule.violation, &schedule.flaw) {
            (_, Some(flaw)) => End::Undecided("flaw".to_owned(), flaw.clone(), actions),
            (Some(one), None) => End::Failed(one.kind(), one.message.clone(), actions),
            (None, None) => End::Passed,
        };
        self.only(&schedule.scenario, schedule.repro.clone(), 0, end)
    }

    fn history(&mut self, history: &HistoryReport) -> Printed {
        self.cases.push(Case {
            suite: history.file.clone(),
            name: history.consistency.clone(),
            wall_ns: history.wall_ns,
            end: end_of_history(history),
        });
        Printed::default()
    }

    fn histories(&mut self) -> Printed {
        let wall_ns = self.cases.iter().map(|case| case.wall_ns).sum();
        self.document(wall_ns)
    }

    fn compared(&mut self, comparison: &Comparison) -> Printed {
        let suite = format!("against {}", comparison.against);
        let case = |name: String, end: End| Case {
            suite: suite.clone(),
            name,
            wall_ns: 0,
            end,
        };
        let of_one = |one: &RunDifference| {
            case(
                format!("{}, seed {}", one.scenario, one.seed),
                difference_end(one),
            )
        };
        self.cases = comparison.differences.iter().map(of_one).collect();
        let all = match comparison.missing {
            0 => End::Passed,
            missing => {
                let message = format!("it says nothing of {missing} of these runs");
                End::Undecided("incomplete".to_owned(), message, String::new())
            }
        };
        self.cases
            .push(case(format!("{} runs", comparison.compared), all));
        self.document(0)
    }
}

#[cfg(feature = "explore")]
fn end_of_model(search: &ModelReport) -> End {
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

fn end_of_history(history: &HistoryReport) -> End {
    let text = history_summary(history);
    let message = text.lines().next().unwrap_or_default().to_owned();
    let kind = history.consistency.clone();
    match history.verdict {
        HistoryVerdict::Consistent => End::Passed,
        HistoryVerdict::Violation => End::Failed(kind, message, text),
        HistoryVerdict::Unknown => End::Undecided(kind, message, text),
    }
}

fn difference_end(one: &RunDifference) -> End {
    let message = format!("{} here, {} there", one.here, one.there);
    if one.has_other_verdict() {
        End::Failed("other verdict".to_owned(), message, String::new())
    } else {
        End::Passed
    }
}

fn caught_end(catch: &Catch, program: &str) -> End {
    let signature = catch.kind.signature.to_string();
    let replay = catch.replay(program);
    End::Failed(
        signature,
        catch.message.clone(),
        format!("replay: {replay}"),
    )
}

fn kept_end(kept: &Kept) -> End {
    if kept.fails() {
        let message = format!("still shows {}", kept.signature);
        End::Failed(kept.signature.to_string(), message, String::new())
    } else {
        End::Passed
    }
}

#[cfg(test)]
mod tests;
