//! For people.

mod bugs;
mod comparison;
mod graphs;
mod history;
mod hunt;
#[cfg(feature = "explore")]
mod model;
mod run;
mod runs;
#[cfg(feature = "explore")]
mod shrink;
mod shrunken;

pub(super) use comparison::{left_open, parting};
use history::Histories;
pub(super) use history::history_summary;
pub(super) use hunt::hunt_summary;
#[cfg(feature = "explore")]
pub(super) use model::schedule_lines;
pub use run::failure;
use runs::FULL_MIN;
pub(super) use runs::end_of_runs;

use std::collections::BTreeSet;

use super::{Format, Printed, Reporter, Settings};
use crate::report::{
    BugCard, BugReport, Comparison, GraphReport, HistoryReport, RunReport, RunsReport,
};
#[cfg(feature = "explore")]
use crate::report::{ModelReport, ScheduleReport, ShrinkReport};
use crate::search::HuntReport;
use crate::world::Verdict;
use run::run_summary;

/// `--format text`.
pub(super) const FORMAT: Format = Format {
    name: "text",
    about: "For people",
    is_for_people: true,
    reporter: |settings| Box::new(Text::new(settings)),
};

/// How many are, if each of them fails in another way.
const FULL_MAX: usize = 10;

struct Text {
    settings: Settings,
    /// The scenario whose runs come.
    scenario: String,
    /// How many of its runs were told in full.
    in_full: usize,
    /// In which ways they failed.
    kinds: BTreeSet<String>,
    /// How the histories ended that were checked so far.
    histories: Histories,
}

impl Text {
    fn new(settings: Settings) -> Self {
        Self {
            settings,
            scenario: String::new(),
            in_full: 0,
            kinds: BTreeSet::new(),
            histories: Histories::default(),
        }
    }

    /// Whether a run that is not as expected is told in full. The end tells of all others.
    fn wants_in_full(&mut self, run: &RunReport, kind: String) -> bool {
        if self.scenario != run.scenario {
            self.scenario.clone_from(&run.scenario);
            self.in_full = 0;
            self.kinds.clear();
        }
        let is_new = self.kinds.insert(kind);
        let wants = self.in_full < FULL_MIN || (is_new && self.in_full < FULL_MAX);
        self.in_full += usize::from(wants);
        wants
    }
}

impl Reporter for Text {
    fn run(&mut self, run: &RunReport) -> Printed {
        let styled = self.settings.styled;
        if !self.settings.is_alone {
            let surprise = run.surprise();
            let told = surprise.is_some_and(|(kind, _)| self.wants_in_full(run, kind));
            return match told {
                true => Printed::out(failure(run, styled)),
                false => Printed::default(),
            };
        }
        let mut text = run_summary(run, styled);
        if run.verdict != Verdict::Pass {
            text.push_str(&failure(run, styled));
        }
        Printed::out(text)
    }

    fn runs(&mut self, runs: &RunsReport) -> Printed {
        Printed::out(end_of_runs(runs, &self.settings).out)
    }

    fn stopped(&mut self, after: &str) -> Printed {
        Printed::err(format!("stopped after {after}"))
    }

    fn replayed(&mut self, run: &RunReport) -> Printed {
        self.run(run)
    }

    fn hunted(&mut self, _: &RunReport) -> Printed {
        Printed::default()
    }

    fn hunt(&mut self, hunt: &HuntReport) -> Printed {
        Printed::out(hunt_summary(hunt, &self.settings))
    }

    #[cfg(feature = "explore")]
    fn model(&mut self, search: &ModelReport) -> Printed {
        Printed::out(model::model_summary(search, self.settings.styled))
    }

    #[cfg(feature = "explore")]
    fn schedule(&mut self, schedule: &ScheduleReport, in_full: bool) -> Printed {
        Printed::out(model::schedule_summary(
            schedule,
            in_full,
            self.settings.styled,
        ))
    }

    #[cfg(feature = "explore")]
    fn shrunk(&mut self, shrunk: &ShrinkReport) -> Printed {
        Printed::out(shrink::shrink_summary(shrunk, self.settings.styled))
    }

    fn history(&mut self, history: &HistoryReport) -> Printed {
        self.histories.see(history.verdict);
        Printed::out(history_summary(history))
    }

    fn no_history(&mut self, _: &str, why: &str) -> Printed {
        self.histories.unread += 1;
        Printed::err(format!("error: {why}"))
    }

    fn histories(&mut self) -> Printed {
        Printed::out(self.histories.told())
    }

    fn bugs(&mut self, bugs: &[BugReport]) -> Printed {
        Printed::out(bugs::bug_table(bugs, self.settings.styled))
    }

    fn bug_cards(&mut self, cards: &[BugCard]) -> Printed {
        Printed::out(bugs::bug_list(cards))
    }

    fn graphs(&mut self, graphs: &[GraphReport], seeds: u64) -> Printed {
        Printed::out(graphs::graph_table(graphs, seeds))
    }

    fn compared(&mut self, comparison: &Comparison) -> Printed {
        let (verdicts, parting) = (comparison::verdicts(comparison), parting(comparison));
        Printed {
            out: format!("{verdicts}{parting}"),
            err: left_open(comparison),
        }
    }
}
