//! What the clients of the register do: reads, and writes of values that no one else writes.

use knossos::models::register::{Input, Output};
use omnisim::prelude::*;
use serde::{Deserialize, Serialize};

/// The table `[workload.own]`: what only these clients know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientsOptions {
    /// How many of the writes clear the register.
    pub clear_ratio: Probability,
}

impl ClientsOptions {
    fn of(options: &WorkloadOptions) -> Result<Self, KeyError> {
        let own = options.own.read();
        own.map_err(|error| error.within("own"))
    }
}

/// One client of the register.
#[derive(Debug)]
pub struct Clients {
    client: ClientId,
    written: u64,
    options: ClientsOptions,
}

impl Clients {
    fn write(&mut self) -> Input {
        self.written += 1;
        Input::Write(format!("{}.{}", self.client, self.written).into())
    }
}

impl Workload for Clients {
    type Command = Input;
    type Output = Output;

    /// A wrong key is told when the scenario is loaded, with its line.
    fn validate(options: &WorkloadOptions) -> Result<(), KeyError> {
        ClientsOptions::of(options).map(|_| ())
    }

    fn new(client: ClientId, options: &WorkloadOptions) -> Self {
        Self {
            client,
            written: 0,
            options: ClientsOptions::of(options).expect("it was validated"),
        }
    }

    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Input {
        if read {
            return Input::Read;
        }
        let clear = self.options.clear_ratio.ppm();
        if clear > 0 && chooser.chance(clear) {
            return Input::Clear;
        }
        self.write()
    }

    const OPERATIONS: &'static [&'static str] = &["clear"];

    fn named(&mut self, _: &str, _: &mut Chooser<'_>) -> Input {
        Input::Clear
    }

    fn probe(&mut self, _: u64) -> Input {
        self.write()
    }
}
