//! For programs: each report is one JSON object on a line of its own; what sums up goes to
//! standard error.

use erased_serde::Serialize;

#[cfg(feature = "explore")]
use super::text::schedule_lines;
use super::text::{end_of_runs, hunt_summary, left_open, parting};
use super::{Format, Printed, Reporter, Settings};
use crate::report::{
    BugCard, BugReport, Comparison, GraphReport, HistoryReport, RunReport, RunsReport,
};
#[cfg(feature = "explore")]
use crate::report::{ModelReport, ScheduleReport, ShrinkReport};
use crate::search::HuntReport;
use crate::units::as_json;

/// `--format json`.
pub(super) const FORMAT: Format = Format {
    name: "json",
    about: "One JSON object per line",
    is_for_people: false,
    reporter: |settings| Box::new(Json { settings }),
};

struct Json {
    settings: Settings,
}

impl Reporter for Json {
    fn run(&mut self, run: &RunReport) -> Printed {
        Printed::out(line(run))
    }

    fn runs(&mut self, runs: &RunsReport) -> Printed {
        Printed::err(end_of_runs(runs, &self.settings).err)
    }

    fn stopped(&mut self, after: &str) -> Printed {
        Printed::err(format!("stopped after {after}"))
    }

    fn replayed(&mut self, run: &RunReport) -> Printed {
        self.run(run)
    }

    fn hunted(&mut self, run: &RunReport) -> Printed {
        self.run(run)
    }

    fn hunt(&mut self, hunt: &HuntReport) -> Printed {
        Printed::err(hunt_summary(hunt, &self.settings))
    }

    #[cfg(feature = "explore")]
    fn model(&mut self, search: &ModelReport) -> Printed {
        Printed {
            out: line(search),
            err: search.missed().unwrap_or_default(),
        }
    }

    #[cfg(feature = "explore")]
    fn schedule(&mut self, schedule: &ScheduleReport, in_full: bool) -> Printed {
        let (steps, shows) = (&schedule.schedule, &schedule.shows);
        Printed {
            out: line(schedule),
            err: match in_full {
                true => schedule_lines(steps, shows),
                false => String::new(),
            },
        }
    }

    #[cfg(feature = "explore")]
    fn shrunk(&mut self, shrunk: &ShrinkReport) -> Printed {
        Printed::out(line(shrunk))
    }

    fn history(&mut self, history: &HistoryReport) -> Printed {
        Printed::out(line(history))
    }

    fn no_history(&mut self, _: &str, why: &str) -> Printed {
        Printed::err(format!("error: {why}"))
    }

    fn histories(&mut self) -> Printed {
        Printed::default()
    }

    fn bugs(&mut self, bugs: &[BugReport]) -> Printed {
        Printed::out(lines(bugs))
    }

    fn bug_cards(&mut self, cards: &[BugCard]) -> Printed {
        Printed::out(lines(cards))
    }

    fn graphs(&mut self, graphs: &[GraphReport], _: u64) -> Printed {
        Printed::out(lines(graphs))
    }

    fn compared(&mut self, comparison: &Comparison) -> Printed {
        Printed {
            out: lines(&comparison.differences),
            err: format!("{}{}", parting(comparison), left_open(comparison)),
        }
    }
}

fn lines<T: Serialize>(objects: &[T]) -> String {
    objects.iter().map(|object| line(object)).collect()
}

/// One object on a line of its own.
fn line(object: &dyn Serialize) -> String {
    as_json(object) + "\n"
}
