//! The tests of the register, in one program: the simulator is compiled over it once.

mod bed;
mod goes_red;
mod refused;
mod strikes;
mod survives;
