//! One run has one history, in whatever format and layout it was written.

mod cases;
mod draw;
mod layout;
mod one_run;
mod write;
