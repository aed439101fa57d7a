//! What the tests of the register share.

use std::path::Path;

use omnisim::prelude::*;
use register::Register;

/// What is tested.
pub(crate) type Tested = Whole<Register>;

/// A failure leaves its files in the build folder, and the package's own binary replays it.
pub(crate) fn bed() -> TestBed {
    let program = env!("CARGO_BIN_EXE_register");
    TestBed::new(program, concat!(env!("CARGO_TARGET_TMPDIR"), "/register"))
}

/// A scenario of this package.
pub(crate) fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    Scenario::load(&folder.join(name).with_extension("toml"))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// One run.
pub(crate) fn run(scenario: &Scenario, seed: u64) -> Outcome {
    Tested::RUNNER
        .run(scenario, seed, RunOptions::default())
        .expect("the options suit the system")
}
