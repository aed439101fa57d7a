//! Twins: operations that differ in nothing but their client and their times.
//!
//! If `a` was called no later than its twin `b` and returned no later, then any order with `b`
//! first stays valid when the two change places. So `b` need not be tried while `a` waits. The
//! same holds for twins of unknown outcome, where only the calls count. A twin that returned
//! before `b` was called never waits while `b` may come next, so it is not looked at.

use super::part::Part;
use crate::model::Model;

/// How far back a twin is looked for; a missed twin costs time, never correctness.
const REACH: usize = 64;

/// Of each operation, the nearest twin that goes before it.
pub(super) fn elder_twins<M: Model>(part: &Part<M>) -> Vec<Option<u32>> {
    let elder_of = |local: usize| {
        let younger = &part.locals[local];
        // Reads are taken on sight.
        if younger.is_read {
            return None;
        }
        // Numbers ascend by call, whether the outcomes are known or not.
        (local.saturating_sub(REACH)..local)
            .rev()
            .map(|elder| elder as u32)
            .find(|elder| {
                let ret = part.local(*elder).ret;
                ret >= younger.call && ret <= younger.ret && part.is_same(*elder, local as u32)
            })
    };
    (0..part.locals.len()).map(elder_of).collect()
}
