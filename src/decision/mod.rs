//! The one door through which all nondeterminism enters a run.
//!
//! Everything that could go one way or another (a latency, a loss, which key,
//! when a fault) is *asked* here at a *site* = (kind, scope, n). The kind and
//! the scope name a [`Stream`]; n counts the questions asked of it. A stream is
//! a ChaCha8 generator of its own, keyed by the seed and by a portable hash of
//! its name, and every question consumes exactly one 64-bit slice of it. So an
//! answer depends on the seed and on its site alone: taking one question away
//! leaves the answers at all other sites as they were.
//!
//! Each question has a *boring* answer (no loss, base latency, no fault, do not
//! issue the operation). A [`Plan`] says which sites keep their seeded answer
//! and which are set by hand; all others are boring. This is what makes a
//! failure shrinkable, robust against unrelated changes, and editable.

mod dice;
pub mod distribution;
pub mod hash;
mod plan;
mod stream;
mod table;

pub use dice::Dice;
pub use distribution::{Distribution, Shape, Tail};
pub use plan::{Kept, Plan, PlanError, Site, Sites};
pub use stream::Stream;
pub use table::DecisionTable;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use plan::StreamPlan;

/// Answers every question of one run; see the [module](self).
///
/// ```
/// use omnisim::decision::Decisions;
/// let mut decisions = Decisions::seeded(42);
/// let mut stream = decisions.stream("loss", "r1>r2");
/// let first = decisions.below(&mut stream, 6);
/// assert!(first < 6);
///
/// // The same seed and site give the same answer, whatever else was asked.
/// let mut again = Decisions::seeded(42);
/// let mut other = again.stream("loss", "r2>r1");
/// again.below(&mut other, 6);
/// let mut stream = again.stream("loss", "r1>r2");
/// assert_eq!(again.below(&mut stream, 6), first);
/// ```
#[derive(Debug)]
pub struct Decisions {
    seed: u64,
    origin: rand_chacha::ChaCha8Rng,
    plan: Plan,
    /// No plan and no recording: the common case, one branch per question.
    plain: bool,
    record: Option<Vec<Answered>>,
    /// What the plan says of streams, where it names sites of them.
    named: RefCell<Vec<Rc<StreamPlan>>>,
}

/// One recorded question whose answer was not the boring one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Where it was asked.
    pub site: Site,
    /// What was answered.
    pub answer: u64,
    /// What the boring answer would have been.
    pub boring: u64,
}

impl Decisions {
    /// Every site keeps its seeded answer.
    pub fn seeded(seed: u64) -> Self {
        Self::planned(seed, Plan::default())
    }

    /// The sites that `plan` keeps are answered from the seed, those it sets by
    /// its word, all others are boring.
    pub fn planned(seed: u64, plan: Plan) -> Self {
        Self {
            seed,
            origin: Stream::origin(seed),
            plain: plan.is_trivial(),
            named: RefCell::default(),
            plan,
            record: None,
        }
    }

    /// From now on, every answer that is not boring is kept for [`Self::recorded`].
    pub fn start_recording(&mut self) {
        self.record.get_or_insert_with(Vec::new);
        self.plain = false;
    }

    /// What was answered since [`Self::start_recording`], in the order asked.
    pub fn recorded(&self) -> &[Answered] {
        self.record.as_deref().unwrap_or_default()
    }

    /// The sites that the plan names and that were not asked so far: what it
    /// says of them has changed nothing.
    pub fn unasked(&self) -> BTreeSet<Site> {
        let mut unasked: BTreeSet<Site> = self.plan.sites().collect();
        for stream in self.named.borrow().iter() {
            for site in stream.asked() {
                unasked.remove(&site);
            }
        }
        unasked
    }

    /// The seed of the run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A stream of questions of one `kind` within one `scope`.
    pub fn stream(&self, kind: &str, scope: impl AsRef<str>) -> Stream {
        let scope = scope.as_ref();
        if self.plain {
            return Stream::new(&self.origin, kind, scope, None);
        }
        let plan = Rc::new(self.plan.of(&format!("{kind}/{scope}")));
        if plan.names_sites() {
            self.named.borrow_mut().push(Rc::clone(&plan));
        }
        Stream::new(&self.origin, kind, scope, Some(plan))
    }

    /// Asks the next question of `stream`: `draw` turns a seeded slice into an
    /// answer, `boring` is the answer of a site that the plan does not keep.
    #[inline(always)]
    pub fn ask(&mut self, stream: &mut Stream, boring: u64, draw: impl FnOnce(u64) -> u64) -> u64 {
        let (n, slice) = stream.next_slice();
        let seeded = draw(slice);
        if self.plain {
            seeded
        } else {
            self.answer(stream.plan(), n, boring, seeded)
        }
    }

    /// The answer where sites are looked at.
    #[cold]
    fn answer(&mut self, plan: &StreamPlan, n: u64, boring: u64, seeded: u64) -> u64 {
        let answer = plan.answer(n, boring, seeded);
        if let Some(record) = &mut self.record
            && answer != boring
        {
            record.push(Answered {
                site: plan.site(n),
                answer,
                boring,
            });
        }
        answer
    }

    /// Whether something with a chance of `ppm` parts per million happens.
    /// Boring: it does not.
    #[inline]
    pub fn chance(&mut self, stream: &mut Stream, ppm: u32) -> bool {
        debug_assert!(ppm <= 1_000_000, "a chance is at most one");
        self.ask(stream, 0, |slice| {
            u64::from(distribution::scale(slice, 1_000_000) < u64::from(ppm))
        }) == 1
    }

    /// A number below `bound`. Boring: zero. An answer set by hand that is out
    /// of range no longer applies and becomes zero.
    ///
    /// # Panics
    /// If `bound` is zero.
    #[inline]
    pub fn below(&mut self, stream: &mut Stream, bound: u64) -> u64 {
        assert!(bound > 0, "there must be something to choose from");
        let answer = self.ask(stream, 0, |slice| distribution::scale(slice, bound));
        if answer < bound { answer } else { 0 }
    }

    /// A number from `min` to `max`, both included. Boring: `min`. An answer
    /// set by hand that is out of range is brought to the nearer end.
    ///
    /// # Panics
    /// If `min` is above `max`.
    #[inline]
    pub fn between(&mut self, stream: &mut Stream, min: u64, max: u64) -> u64 {
        assert!(min <= max, "a range runs from its smallest to its largest");
        let span = (max - min).saturating_add(1);
        self.ask(stream, min, |slice| min + distribution::scale(slice, span))
            .clamp(min, max)
    }

    /// A number of nanoseconds drawn from `distribution`. Boring: its base.
    #[inline]
    pub fn sample(&mut self, stream: &mut Stream, distribution: &Distribution) -> u64 {
        self.ask(stream, distribution.base(), |slice| {
            distribution.sample(slice)
        })
    }

    /// Something that the scenario asks for and that shrinking may take away:
    /// true unless the site is made boring.
    #[inline]
    pub fn granted(&mut self, stream: &mut Stream) -> bool {
        self.ask(stream, 0, |_| 1) != 0
    }
}

#[cfg(test)]
mod tests;
