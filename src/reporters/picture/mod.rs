//! A run as a picture: who sent what to whom, what was lost, who was down.
//!
//! Time goes down the page, one row per line of the trace, so that a quiet second
//! takes no more room than a busy one. Each client and replica has a lane; a message
//! is an arrow from the moment it left to the moment it arrived, and what is lost
//! ends in a cross. Faults that last are bars beside the time. What happened is said
//! to the right of the lanes, in the words of the trace.
//!
//! [`layout`] finds the place of everything, in rows and lanes; [`svg`] draws it.

mod layout;
mod style;
mod svg;

use crate::world::TraceLine;
use layout::Layout;

/// The most rows that a picture has: more are not looked at.
const ROWS_MAX: usize = 400;

/// A picture of a run.
#[derive(Clone, Debug)]
pub struct Picture {
    /// An SVG image that needs nothing beside itself.
    pub svg: String,
    /// How many lines of the trace, the first ones, had no room.
    pub left_out: usize,
}

/// Draws the trace of a run, or as much of its end as has room.
///
/// ```
/// let picture = omnisim::reporters::picture("a run of nothing", &[]);
/// assert!(picture.svg.starts_with("<svg"));
/// assert_eq!(picture.left_out, 0);
/// ```
pub fn picture(title: &str, trace: &[TraceLine]) -> Picture {
    let left_out = trace.len().saturating_sub(ROWS_MAX);
    let layout = Layout::of(trace, left_out);
    Picture {
        svg: svg::draw(title, &layout),
        left_out,
    }
}
