//! What must hold: one invariant per file.
//!
//! Checks read observations and never the world. Each invariant sees every
//! observation in order, together with what the replica's disk holds by its own
//! account (the [`Ledger`]) and what has been learnt of the run so far (the
//! [`Facts`]); the first that is broken ends the run as a [`Violation`]. What
//! only shows at the end of a run (the witness, convergence, completion) is a
//! function that the world's judge calls.
//!
//! A new invariant is one new file and one line in the list below.

mod acknowledged_survives;
mod bounded_traffic;
mod cause;
mod checks;
mod completion;
mod convergence;
mod count;
mod facts;
mod findings;
mod heartbeats;
mod invariant;
mod leader_log;
mod level;
mod log_checks;
mod per_replica;
mod per_request;
mod reference;
mod requests;
#[cfg(test)]
mod testing;
mod violation;
mod witness;

pub use acknowledged_survives::acknowledged_survives;
pub use bounded_traffic::{Traffic, bounded_traffic};
pub use cause::Cause;
pub use checks::{Checks, Evaluated};
pub use completion::{Unfinished, completion};
pub use convergence::{Held, convergence};
pub use facts::{AppliedEntry, Facts};
pub use findings::{Finding, findings};
pub use heartbeats::Heartbeat;
pub use invariant::{Breach, Broken, Invariant, Seen};
pub use leader_log::LeaderLog;
pub(crate) use level::LINEARIZABILITY;
pub use level::Level;
pub use log_checks::LogChecks;
pub use reference::{Fold, NoFold};
pub use requests::Requests;
#[cfg(feature = "explore")]
pub(crate) use violation::CHECKERS_AGREE;
pub use violation::{Class, Violation};
pub(crate) use violation::{HANG, OMNISIM};
pub use witness::{WitnessLog, WitnessOp, Witnessed, witness};

use crate::observation::{Kinds, Ledger, Replicated};

macro_rules! invariants {
    ($($module:ident::$invariant:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every invariant, each switched on or off for a whole run.
        #[derive(Clone, Debug, Hash)]
        struct Invariants {
            $($module: Switched<$module::$invariant>,)*
        }

        /// The names of all checks.
        const NAMES: &[&str] = &[
            $(<$module::$invariant as Invariant<()>>::NAME,)*
            level::LINEARIZABILITY,
            acknowledged_survives::NAME,
            convergence::NAME,
            completion::NAME,
            violation::PANIC,
        ];

        impl Invariants {
            fn new(replicas: u64, without: &[String]) -> Self {
                Self {
                    $($module: Switched {
                        invariant: $module::$invariant::new(replicas),
                        on: !without
                            .iter()
                            .any(|name| name == <$module::$invariant as Invariant<()>>::NAME),
                        looks: true,
                    },)*
                }
            }

            /// The same, of which none has seen anything.
            fn anew(&self, replicas: u64) -> Self {
                Self {
                    $($module: Switched {
                        invariant: $module::$invariant::new(replicas),
                        on: self.$module.on,
                        looks: true,
                    },)*
                }
            }

            /// Shows one observation to every invariant that sees its kind, in the
            /// order of the list. With a constant kind, inlining removes the invariants that
            /// ignore it, and in the others what they do about other kinds.
            #[inline(always)]
            fn observe<E: Replicated>(
                &mut self,
                is_seen: impl Fn(Kinds) -> bool,
                seen: &Seen<'_, E>,
            ) -> Result<(), (&'static str, Broken)> {
                $(if is_seen(<$module::$invariant as Invariant<E>>::SEES) && self.$module.looks {
                    let name = <$module::$invariant as Invariant<E>>::NAME;
                    match self.$module.invariant.observe(seen) {
                        Ok(()) => {}
                        Err(broken) if self.$module.on => return Err((name, broken)),
                        // Switched off, it would have ended the run here.
                        Err(_) => self.$module.looks = false,
                    }
                })*
                Ok(())
            }

            fn results(&self) -> Vec<Evaluated> {
                vec![$({
                    let evaluated = Evaluated::of(
                        <$module::$invariant as Invariant<()>>::NAME,
                        <$module::$invariant as Invariant<()>>::evaluated(&self.$module.invariant),
                    );
                    if self.$module.on { evaluated } else { evaluated.off() }
                },)*]
            }
        }
    };
}

// The first broken one names the violation: what explains others comes first.
invariants![
    nothing_invented::NothingInvented,
    one_voice::OneVoice,
    promise_durable::PromiseDurable,
    snapshot_fold::SnapshotFold,
    log_bounds::LogBounds,
    decided_stays::DecidedStays,
    acknowledged_stays::AcknowledgedStays,
    agreement::Agreement,
    applied_state::AppliedState,
    at_most_once::AtMostOnce,
    reply_integrity::ReplyIntegrity,
    state_invariant::StateInvariant,
];

/// An invariant that a scenario may do without.
#[derive(Clone, Debug, Hash)]
struct Switched<I> {
    invariant: I,
    on: bool,
    /// Whether it still looks at what is observed: one that is switched off only until it is
    /// broken.
    looks: bool,
}

/// The names of all checks of the system under test, as scenarios and reports use them.
pub fn names() -> &'static [&'static str] {
    NAMES
}

/// Every name that a violation may have: all [checks](names), and those of runs that would not
/// end or that omnisim itself broke off.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    let beside = [
        violation::HANG,
        violation::CHECKERS_AGREE,
        violation::OMNISIM,
    ];
    let weaker = Level::CHECKS.iter().copied();
    let weaker = weaker.filter(|name| *name != LINEARIZABILITY);
    run_names().chain(weaker).chain(beside)
}

/// What is said of a name that no check has; `None` if one has it, be it one of the system's own.
pub(crate) fn complaint_about(name: &str, own: &[&'static str]) -> Option<String> {
    let known: Vec<_> = all_names().chain(own.iter().copied()).collect();
    (!known.contains(&name)).then(|| {
        let list = known.join(", ");
        format!("there is no check {name:?}; the checks are {list}")
    })
}

/// Every name that a violation may have in a run that ends by itself and demands
/// linearizability. Beside the weaker levels, which other scenarios demand, there are three
/// more: the process around a run reports code that never returns (`hang`), a search compares
/// its two checkers of linearizability (`checkers_agree`), and omnisim itself may panic
/// (`omnisim`).
pub fn run_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied().chain([bounded_traffic::NAME])
}
