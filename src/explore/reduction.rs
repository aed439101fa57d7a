//! What a search leaves out, because something that it tries shows the same.
//!
//! Each reduction leaves out states or actions, or takes two actions as one step, so
//! that whatever a reduced search finds can happen. That it finds all that can be found rests on an
//! argument; the searches without it are the test of that:
//!
//! - *Restarts*: a replica that went down starts again at once, in the same step,
//!   unless it may crash again in between. One that stays down differs from one that
//!   starts and then takes nothing only in what others know of it; what they hear of
//!   its new sessions may be as late as one likes. Not so where its disk may have lost
//!   writes: how many is chosen when it starts; nor where time passes: it starts at some time.
//! - *Losses*: where links lose silently and in order, a message is lost when one that
//!   was sent after it arrives. Nobody can tell when it was lost; and if nothing comes
//!   after it, it might as well be late. Not so where states at rest have to settle:
//!   what is late arrives then, and what is lost does not.
//! - *Clients*: clients that ask the same replica for the same begin in the order of
//!   their numbers.
//!
//! Followers are not symmetric: ballots of the same number are ordered by their
//! replicas. Nor is there a persistent set of deliveries to leave the others out for:
//! nobody knows what foreign code will send next.

use std::fmt;

use serde::Serialize;

use super::planned::Planned;
use super::setting::commands;
use crate::network::LinkContract;
use crate::scenario::{ModelOptions, Scenario};
use crate::system::{CommandOf, System};
use knossos::Model;

/// Something that a search leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reduction {
    /// A replica that went down starts again at once.
    Restarts,
    /// Messages are lost when something sent after them arrives.
    Losses,
    /// Clients that ask for the same begin in the order of their numbers.
    Clients,
}

impl Reduction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Restarts, Self::Losses, Self::Clients];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Restarts => "restarts",
            Self::Losses => "losses",
            Self::Clients => "clients",
        }
    }
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a search is reduced.
#[derive(Clone, Debug, Default)]
pub(super) struct Reduced {
    restarts: bool,
    losses: bool,
    /// Whether a message may arrive after others before it were lost on the way.
    skips: bool,
    /// For the first command of a client: that of the one that has to begin before.
    begins_after: Vec<Option<u8>>,
    /// Those that were to be left out and would have reduced nothing.
    needless: Vec<Reduction>,
}

impl Reduced {
    /// All reductions that suit the scenario, but for those that are to be left out.
    pub(super) fn of<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        planned: &[Planned],
        without: &[Reduction],
    ) -> Self {
        let contract = scenario.network.contract;
        let mut reduced = Self {
            restarts: model.crashes > 0 && model.unsynced == 0 && model.time == 0,
            losses: contract == LinkContract::Lossy && model.losses > 0 && !model.settles,
            skips: false,
            begins_after: begins_after::<S>(scenario, model, planned),
            needless: Vec::new(),
        };
        let suits = reduced.all();
        for reduction in without {
            match reduction {
                Reduction::Restarts => reduced.restarts = false,
                Reduction::Losses => reduced.losses = false,
                Reduction::Clients => reduced.begins_after = vec![None; planned.len()],
            }
        }
        reduced.skips = reduced.losses;
        let needless = without.iter().filter(|named| !suits.contains(named));
        reduced.needless = needless.copied().collect();
        reduced
    }

    /// The reductions that leave anything out.
    pub(super) fn all(&self) -> Vec<Reduction> {
        let twins = self.begins_after.iter().any(Option::is_some);
        let on = [self.restarts, self.losses, twins];
        let all = Reduction::ALL.into_iter().zip(on);
        all.filter_map(|(reduction, on)| on.then_some(reduction))
            .collect()
    }

    /// Whether a replica that went down starts again at once.
    pub(super) fn restarts(&self) -> bool {
        self.restarts
    }

    /// Whether messages are lost only when something sent after them arrives.
    pub(super) fn losses(&self) -> bool {
        self.losses
    }

    /// Whether a message may arrive after others before it were lost on the way.
    pub(super) fn skips(&self) -> bool {
        self.skips
    }

    /// The command that has to be asked before this one is asked first.
    pub(super) fn begins_after(&self, operation: usize) -> Option<u8> {
        self.begins_after[operation]
    }

    /// Those that were to be left out and would have reduced nothing.
    pub(super) fn needless(&self) -> &[Reduction] {
        &self.needless
    }

    /// Nothing is left out: schedules of reduced searches can be taken, and all others.
    pub(super) fn not_at_all(planned: &[Planned]) -> Self {
        Self {
            skips: true,
            begins_after: vec![None; planned.len()],
            ..Self::default()
        }
    }
}

fn begins_after<S: System>(
    scenario: &Scenario,
    model: &ModelOptions,
    planned: &[Planned],
) -> Vec<Option<u8>> {
    let (operations, _) =
        commands::<S>(scenario, model).expect("the clients' commands were made before");
    let asks: Vec<_> = operations
        .iter()
        .map(|operation| but_for_numbers::<S>(&operation.command))
        .collect();
    let of_client = |client| {
        let all = planned.iter().zip(&asks);
        all.filter(move |(one, _)| one.client == client)
            .map(|(one, asked)| (one.at, asked))
    };
    let first = |place: &Planned| place.follows.is_none() && !place.is_open;
    planned
        .iter()
        .enumerate()
        .map(|(place, one)| {
            let mut before = planned[..place].iter().enumerate().rev();
            let twin = before.find(|(_, other)| {
                first(other) && of_client(other.client).eq(of_client(one.client))
            });
            twin.filter(|_| first(one)).map(|(other, _)| other as u8)
        })
        .collect()
}

/// What a command asks: the part of the model that it touches, and all but the
/// numbers that tell the commands of clients apart.
fn but_for_numbers<S: System>(command: &CommandOf<S>) -> (Option<String>, String) {
    let text = format!("{command:?}");
    let words = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    (S::model().partition(command).map(str::to_owned), words)
}
