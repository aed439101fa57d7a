//! Plans that keep some decisions, and leave all others boring.

use crate::decision::{Kept, Plan, Site};

/// A plan that keeps these sites, beside the answers that are set by hand.
pub(super) fn keeping(sites: impl IntoIterator<Item = Site>, plan: &Plan) -> Plan {
    Plan {
        kept: Kept::Only(sites.into_iter().collect()),
        set: plan.set.clone(),
    }
}
