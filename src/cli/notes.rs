//! Says what earlier processes left under way.

use std::path::Path;

use crate::search::{Left, take_left};

/// Says what was under way in processes that are gone.
pub(super) fn tell_left(folder: &Path) -> Vec<Left> {
    let all = take_left(folder);
    for left in &all {
        say!("{left}");
    }
    all
}
