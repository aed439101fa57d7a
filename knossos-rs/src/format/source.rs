//! A file, piece by piece: lines, or forms (the objects, maps and vectors of events, whatever
//! their layout). Memory holds one piece and what was read ahead, however long the file and its
//! lines are.

mod forms;
mod scan;
mod window;

pub(super) use forms::{Forms, beginning};
pub(super) use scan::{DEPTH_MAX, Notation, too_deep};
pub(super) use window::Window;
