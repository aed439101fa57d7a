//! What prints reports in one format, and how it is asked for.

use super::styled::Styled;
use crate::report::{
    BugCard, BugReport, Comparison, GraphReport, HistoryReport, RunReport, RunsReport,
};
#[cfg(feature = "explore")]
use crate::report::{ModelReport, ScheduleReport, ShrinkReport};
use crate::search::HuntReport;

/// One way to print reports.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, for the help.
    pub about: &'static str,
    /// Whether people read it: then whatever else is to be said goes between, and in colours.
    pub is_for_people: bool,
    /// What prints in it.
    pub reporter: fn(Settings) -> Box<dyn Reporter>,
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

/// How reports are wanted, as far as that depends on who reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The program that the commands call which are printed.
    pub program: String,
    /// Whether the reader's terminal shows colours.
    pub styled: Styled,
    /// Whether there is one run only, which is then shown in full.
    pub is_alone: bool,
    /// Whether what does not have to be said is left out.
    pub quiet: bool,
}

/// What is printed, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
}

impl Printed {
    /// On standard output.
    pub fn out(out: String) -> Self {
        Self {
            out,
            err: String::new(),
        }
    }

    /// On standard error.
    pub fn err(err: String) -> Self {
        Self {
            out: String::new(),
            err,
        }
    }
}

/// What prints reports in one format. A single run, or many as they come; then what they are
/// together.
pub trait Reporter {
    /// A run is over, of few or of many.
    fn run(&mut self, run: &RunReport) -> Printed;

    /// It was stopped before its end, after so much: what is told next is about that alone.
    fn stopped(&mut self, after: &str) -> Printed;

    /// All runs of some scenarios are over.
    fn runs(&mut self, runs: &RunsReport) -> Printed;

    /// A run was taken again, alone: no others come.
    fn replayed(&mut self, run: &RunReport) -> Printed;

    /// A run of a hunt is over: there are many, and few are worth a word.
    fn hunted(&mut self, run: &RunReport) -> Printed;

    /// A hunt is over.
    fn hunt(&mut self, hunt: &HuntReport) -> Printed;

    /// A search through every schedule is over.
    #[cfg(feature = "explore")]
    fn model(&mut self, search: &ModelReport) -> Printed;

    /// A schedule was taken again; `in_full` asks for what replicas showed, too.
    #[cfg(feature = "explore")]
    fn schedule(&mut self, schedule: &ScheduleReport, in_full: bool) -> Printed;

    /// A failing run, or a schedule, was made smaller.
    #[cfg(feature = "explore")]
    fn shrunk(&mut self, shrunk: &ShrinkReport) -> Printed;

    /// A history was checked, of few or of many.
    fn history(&mut self, history: &HistoryReport) -> Printed;

    /// There is no verdict on what is in this file, and why.
    fn no_history(&mut self, file: &str, why: &str) -> Printed;

    /// All histories were checked.
    fn histories(&mut self) -> Printed;

    /// Planted bugs were hunted for.
    fn bugs(&mut self, bugs: &[BugReport]) -> Printed;

    /// What planted bugs are.
    fn bug_cards(&mut self, cards: &[BugCard]) -> Printed;

    /// Graphs were tried, each with so many seeds.
    fn graphs(&mut self, graphs: &[GraphReport], seeds: u64) -> Printed;

    /// Two builds were compared.
    fn compared(&mut self, comparison: &Comparison) -> Printed;
}
