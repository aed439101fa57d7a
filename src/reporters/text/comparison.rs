//! What a person reads of two builds on the same seeds.

use crate::report::{Comparison, number};

/// The most runs that are told one by one.
const TOLD_MAX: usize = 20;

/// Which verdicts differ.
pub(in crate::reporters) fn verdicts(comparison: &Comparison) -> String {
    let verdicts: Vec<_> = comparison.other_verdicts().collect();
    let mut text = format!(
        "{} of {} runs took other steps; {} have another verdict\n",
        number(comparison.with_other_steps().count() as u64),
        number(comparison.compared),
        number(verdicts.len() as u64)
    );
    for one in verdicts.iter().take(TOLD_MAX) {
        text.push_str(&format!(
            "  {} seed {}: {} here, {} there\n",
            one.scenario, one.seed, one.here, one.there
        ));
    }
    if verdicts.len() > TOLD_MAX {
        text.push_str("  ...; --format json tells all of them\n");
    }
    text
}

/// Where the first run that took other steps parts.
pub(in crate::reporters) fn parting(comparison: &Comparison) -> String {
    let (Some(first), Some(parting)) =
        (comparison.with_other_steps().next(), &comparison.divergence)
    else {
        return String::new();
    };
    format!(
        "first divergence: {} seed {}, after {} lines of its trace\n  both   {}\n  here   {}\n  there  {}\n",
        first.scenario,
        first.seed,
        number(parting.lines),
        parting.before,
        parting.here,
        parting.there
    )
}

/// What could not be compared.
pub(in crate::reporters) fn left_open(comparison: &Comparison) -> String {
    let mut text = String::new();
    if let (Some(first), None) = (comparison.with_other_steps().next(), &comparison.divergence) {
        text.push_str(&format!(
            "the first is seed {}; name the other program instead of its report to see where it parts\n",
            first.seed
        ));
    }
    if comparison.missing > 0 {
        text.push_str(&format!(
            "{}: says nothing of {} of these runs\n",
            comparison.against,
            number(comparison.missing)
        ));
    }
    text
}
