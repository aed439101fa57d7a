//! Histories drawn for tests, and what they are held against: the moments by which they are
//! impossible.

pub(crate) mod any_kind;
pub(crate) mod simulated;
pub(crate) mod small;

use proptest::prelude::ProptestConfig;

use crate::{Operation, Verdict};

/// So many cases, or as many times more or fewer as PROPTEST_CASES is more or less than what is
/// usual.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    const USUAL: u64 = 256;
    let config = ProptestConfig::default();
    let scaled = u64::from(count) * u64::from(config.cases) / USUAL;
    ProptestConfig {
        cases: u32::try_from(scaled).unwrap_or(u32::MAX).max(1),
        failure_persistence: None,
        ..config
    }
}

/// When operations returned, ascending.
pub(crate) fn returns<I, O>(history: &[Operation<I, O>]) -> Vec<u64> {
    let mut returns: Vec<u64> = history.iter().filter_map(|of| of.ret).collect();
    returns.sort_unstable();
    returns.dedup();
    returns
}

/// What had happened by a moment; operations open then are unknown.
pub(crate) fn by<I: Clone, O: Clone>(
    history: &[Operation<I, O>],
    moment: u64,
) -> Vec<Operation<I, O>> {
    let called = history.iter().filter(|of| of.call <= moment).cloned();
    let known = called.map(|of| match of.ret {
        Some(ret) if ret <= moment => of,
        _ => Operation::unknown(of.client, of.input, of.call),
    });
    known.collect()
}

/// The first return by which what had happened is not possible, by looking at each.
pub(crate) fn impossible_by<I: Clone, O: Clone>(
    history: &[Operation<I, O>],
    is_possible: impl Fn(&[Operation<I, O>]) -> bool,
) -> Option<u64> {
    let mut returns = returns(history).into_iter();
    returns.find(|moment| !is_possible(&by(history, *moment)))
}

/// When the operation returned that a violation names.
pub(crate) fn moment_of<I, O>(found: &Verdict, history: &[Operation<I, O>]) -> Option<u64> {
    match found {
        Verdict::Violation(violation) => history[violation.culprit?].ret,
        Verdict::Consistent | Verdict::Unknown { .. } => None,
    }
}
