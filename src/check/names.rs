//! The names of checks, as scenarios and reports use them.

use super::{LINEARIZABILITY, Level};
use super::{
    acknowledged_survives, bounded_traffic, completion, convergence, invariants, violation,
};

/// The names of all checks of the system under test, as scenarios and reports use them.
pub fn names() -> impl Iterator<Item = &'static str> {
    let at_the_end = [
        LINEARIZABILITY,
        acknowledged_survives::NAME,
        convergence::NAME,
        completion::NAME,
        violation::PANIC,
    ];
    invariants::NAMES.iter().copied().chain(at_the_end)
}

/// Every name that a violation may have: all [checks](names), and those of runs that would not
/// end or that omnisim itself broke off.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    let beside = [
        violation::HANG,
        violation::CHECKERS_AGREE,
        violation::OMNISIM,
    ];
    let weaker = Level::CHECKS.iter().copied();
    let weaker = weaker.filter(|name| *name != LINEARIZABILITY);
    run_names().chain(weaker).chain(beside)
}

/// What is said of a name that no check has; `None` if one has it, be it one of the system's own.
pub(crate) fn complaint_about(name: &str, own: &[&'static str]) -> Option<String> {
    let known: Vec<_> = all_names().chain(own.iter().copied()).collect();
    (!known.contains(&name)).then(|| {
        let list = known.join(", ");
        format!("there is no check {name:?}; the checks are {list}")
    })
}

/// Every name that a violation may have in a run that ends by itself and demands
/// linearizability. Beside the weaker levels, which other scenarios demand, there are three
/// more: the process around a run reports code that never returns (`hang`), a search compares
/// its two checkers of linearizability (`checkers_agree`), and omnisim itself may panic
/// (`omnisim`).
pub fn run_names() -> impl Iterator<Item = &'static str> {
    names().chain([bounded_traffic::NAME])
}
