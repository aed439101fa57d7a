//! What a step is, in the digest.

pub(super) const MESSAGE: u8 = 1;
pub(super) const TIMER: u8 = 2;
pub(super) const SESSION_UP: u8 = 3;
pub(super) const SESSION_LOST: u8 = 4;
pub(super) const CRASH: u8 = 5;
pub(super) const START: u8 = 6;
pub(super) const FAULT: u8 = 7;
pub(super) const FAULT_END: u8 = 8;
pub(super) const ACTION: u8 = 9;
pub(super) const ISSUE: u8 = 10;
pub(super) const TIMEOUT: u8 = 11;
pub(super) const SETTLE: u8 = 12;
