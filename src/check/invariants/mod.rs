//! Every invariant, in the order in which they are asked: the first that is broken names the
//! violation.

use crate::check::{Broken, Evaluated, Invariant, Seen};
use crate::observation::{Kinds, Replicated};

macro_rules! invariants {
    ($($module:ident::$invariant:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every invariant, each switched on or off for a whole run.
        #[derive(Clone, Debug, Hash)]
        pub(super) struct Invariants {
            $($module: Switched<$module::$invariant>,)*
        }

        /// The names of all invariants.
        pub(super) const NAMES: &[&str] = &[$(<$module::$invariant as Invariant<()>>::NAME,)*];

        impl Invariants {
            pub(super) fn new(replicas: u64, without: &[String]) -> Self {
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
            pub(super) fn anew(&self, replicas: u64) -> Self {
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
            pub(super) fn observe<E: Replicated>(
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

            pub(super) fn results(&self) -> Vec<Evaluated> {
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
