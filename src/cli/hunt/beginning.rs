//! The seed with which a hunt begins.

use crate::cli::args::HuntArgs;

/// New ground every time, unless the seeds are given.
#[expect(
    clippy::disallowed_types,
    reason = "which seeds are hunted is drawn once, and printed; no run depends on when"
)]
pub(super) fn first_seed(options: &HuntArgs) -> u64 {
    if let Some(seeds) = &options.seeds {
        return seeds.start;
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().wrapping_mul(1_000_000))
}
