//! How a scenario tunes the register: `[system]`, and the bugs that `[selftest]` can plant.

use omnisim::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judges::ONE_ANSWER;

/// The `[system]` table of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// After how long without an answer a forwarder asks the holder again. Left out, it does so
    /// only when a session is made anew, which is enough where links promise sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask_again: Option<Time>,
    /// The bug that is planted: not a key of the table, but `planted` of `[selftest]`.
    #[serde(skip)]
    pub planted: Option<Bug>,
}

/// A bug that can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// Forwarders answer reads with the value that they saw last.
    StaleForwarder,
    /// The holder forgets what it answered, and executes again what it is asked again.
    ForgetfulHolder,
}

/// What is told of them, and what a scenario needs for them to show.
pub(crate) const PLANTED: &[&[PlantedBug]] = &[&[
    PlantedBug {
        name: "stale-forwarder",
        what: "forwarders answer reads with the value that they saw last",
        origin: None,
        checks: &["linearizability"],
        needs: &[Need::Clients, Need::Reads],
        mistaken_for: None,
    },
    PlantedBug {
        name: "forgetful-holder",
        what: "the holder executes again what it is asked again",
        origin: None,
        checks: &["linearizability", ONE_ANSWER],
        needs: &[
            Need::Clients,
            Need::Reads,
            Need::Retries,
            Need::SessionBreaks,
        ],
        mistaken_for: None,
    },
]];

impl Bug {
    /// A name that is not here is refused by omnisim, with those of `SystemInfo::planted`.
    fn named(name: &str) -> Option<Self> {
        match name {
            "stale-forwarder" => Some(Self::StaleForwarder),
            "forgetful-holder" => Some(Self::ForgetfulHolder),
            _ => None,
        }
    }
}

impl Options {
    /// What a scenario asks for.
    ///
    /// # Errors
    /// The key that is unknown or has a wrong value, and what would be right.
    pub(crate) fn of(scenario: &Scenario) -> Result<Self, KeyError> {
        let table = scenario.system.read::<Self>();
        let mut options = table.map_err(|error| error.within("system"))?;
        if options
            .ask_again
            .is_some_and(|time| time.0 == Duration::ZERO)
        {
            let message = "would ask without end: write a time above 0, or leave it out";
            return Err(KeyError::new("system.ask_again", message));
        }
        options.planted = scenario.selftest.planted.as_deref().and_then(Bug::named);
        Ok(options)
    }
}
