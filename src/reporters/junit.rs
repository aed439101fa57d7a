//! JUnit XML, which continuous integration reads: a suite for each scenario, a case for each seed,
//! and one for what only all seeds together show.

mod ends;
mod xml;

use super::text::{end_of_runs, hunt_summary};
use super::{Format, Printed, Reporter, Settings};
use crate::report::{
    BugCard, BugReport, Comparison, GraphReport, HistoryReport, RunDifference, RunReport,
    RunsReport,
};
#[cfg(feature = "explore")]
use crate::report::{ModelReport, ScheduleReport, ShrinkReport};
use crate::search::HuntReport;
use ends::{Case, End};
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
    /// That it was stopped, and after how much.
    stopped: Option<String>,
}

impl Junit {
    fn new(settings: Settings) -> Self {
        Self {
            settings,
            cases: Vec::new(),
            stopped: None,
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
        let mut cases = std::mem::take(&mut self.cases);
        cases.extend(self.stopped.take().map(|message| Case {
            suite: "omnisim".to_owned(),
            name: "all of it".to_owned(),
            wall_ns: 0,
            end: End::Undecided("incomplete".to_owned(), message, String::new()),
        }));
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
    let (mut tests, mut failures, mut errors, mut skipped) = (0_u64, 0_u64, 0_u64, 0_u64);
    for case in cases {
        tests += 1;
        failures += u64::from(matches!(case.end, End::Failed(..)));
        errors += u64::from(matches!(case.end, End::Undecided(..)));
        skipped += u64::from(matches!(case.end, End::Skipped(_)));
    }
    let element = match skipped {
        0 => element,
        _ => element.with("skipped", &skipped.to_string()),
    };
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
            End::Skipped(why) => return case.holding(Element::new("skipped").with("message", why)),
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

impl Reporter for Junit {
    fn run(&mut self, run: &RunReport) -> Printed {
        self.cases.push(Case {
            suite: run.scenario.clone(),
            name: format!("seed {}", run.seed),
            wall_ns: run.wall_ns,
            end: ends::of_run(run),
        });
        Printed::default()
    }

    fn runs(&mut self, runs: &RunsReport) -> Printed {
        self.cases
            .extend(runs.scenarios.iter().map(ends::of_all_seeds));
        // Stable: a scenario's cases keep their order, that of all its seeds comes last.
        let place = |case: &Case| {
            runs.scenarios
                .iter()
                .position(|one| one.scenario == case.suite)
        };
        self.cases.sort_by_key(place);
        Printed {
            err: end_of_runs(runs, &self.settings).err,
            ..self.document(runs.wall_ns)
        }
    }

    fn stopped(&mut self, after: &str) -> Printed {
        let message = format!("stopped after {after}");
        self.stopped = Some(message.clone());
        Printed::err(message)
    }

    fn replayed(&mut self, run: &RunReport) -> Printed {
        self.run(run);
        self.document(run.wall_ns)
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
            .map(|kept| case(kept.repro.clone(), 0, ends::of_kept(kept)));
        let runs = format!("{} runs from seed {}", hunt.runs, hunt.first_seed);
        let program = &self.settings.program;
        let caught: Vec<_> = hunt
            .catches
            .iter()
            .map(|catch| {
                let name = format!("{}, seed {}", catch.scenario, catch.seed);
                case(name, 0, ends::of_catch(catch, program))
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
        Printed {
            err: hunt_summary(hunt, &self.settings),
            ..self.document(hunt.wall_ns)
        }
    }

    #[cfg(feature = "explore")]
    fn model(&mut self, search: &ModelReport) -> Printed {
        let name = format!("every schedule of {}", search.bounds);
        self.only(
            &search.scenario,
            name,
            search.wall_ns,
            ends::of_model(search),
        )
    }

    #[cfg(feature = "explore")]
    fn schedule(&mut self, schedule: &ScheduleReport, _: bool) -> Printed {
        let end = ends::of_schedule(schedule);
        self.only(&schedule.scenario, schedule.repro.clone(), 0, end)
    }

    #[cfg(feature = "explore")]
    fn shrunk(&mut self, shrunk: &ShrinkReport) -> Printed {
        let end = ends::of_shrunk(shrunk);
        self.only(&shrunk.scenario, shrunk.repro.clone(), 0, end)
    }

    fn history(&mut self, history: &HistoryReport) -> Printed {
        self.cases.push(Case {
            suite: history.file.clone(),
            name: history.consistency.clone(),
            wall_ns: history.wall_ns,
            end: ends::of_history(history),
        });
        Printed::default()
    }

    fn no_history(&mut self, file: &str, why: &str) -> Printed {
        self.cases.push(Case {
            suite: file.to_owned(),
            name: "no history".to_owned(),
            wall_ns: 0,
            end: End::Undecided("no history".to_owned(), why.to_owned(), String::new()),
        });
        Printed::err(format!("error: {why}"))
    }

    fn histories(&mut self) -> Printed {
        let wall_ns = self.cases.iter().map(|case| case.wall_ns).sum();
        self.document(wall_ns)
    }

    fn bugs(&mut self, bugs: &[BugReport]) -> Printed {
        let case = |bug: &BugReport| Case {
            suite: "planted bugs".to_owned(),
            name: bug.card.bug.clone(),
            wall_ns: bug.first.wall_ns.unwrap_or(0),
            end: ends::of_bug(bug),
        };
        self.cases = bugs.iter().map(case).collect();
        self.document(0)
    }

    fn bug_cards(&mut self, cards: &[BugCard]) -> Printed {
        let case = |card: &BugCard| Case {
            suite: "planted bugs".to_owned(),
            name: card.bug.clone(),
            wall_ns: 0,
            end: End::Skipped("listed, and not hunted for".to_owned()),
        };
        self.cases = cards.iter().map(case).collect();
        self.document(0)
    }

    fn graphs(&mut self, graphs: &[GraphReport], _: u64) -> Printed {
        let case = |graph: &GraphReport| Case {
            suite: format!("graphs of {} replicas", graph.replicas),
            name: graph.links.clone(),
            wall_ns: 0,
            end: ends::of_graph(graph),
        };
        self.cases = graphs.iter().map(case).collect();
        self.document(0)
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
                ends::of_difference(one),
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

#[cfg(test)]
mod tests;
