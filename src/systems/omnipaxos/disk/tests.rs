//! The disk, write by write and crash by crash.

mod bench;
mod crash_points;
mod losses;
mod random_writes;
