//! The tests of the lock service, in one program: the simulator is compiled over it once.

mod every_schedule;
mod goes_red;
mod histories;
mod named;
mod random;
mod shipped;
mod survives;
