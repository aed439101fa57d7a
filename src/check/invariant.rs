//! What an invariant is: it sees every observation, and says when it is broken.

use std::ops::Deref;

use simulated_clock::Instant;

use super::{Cause, Facts, Requests};
use crate::observation::{Kinds, Ledger, LogId, Observation, ReplicaId, RequestId};

/// One observation as a check sees it.
#[derive(Debug)]
pub struct Seen<'a, E> {
    /// When.
    pub at: Instant,
    /// Whose.
    pub replica: ReplicaId,
    /// In which life of that replica, from 1 on.
    pub incarnation: u32,
    /// Of which of its logs; the first, where it is of none.
    pub log: LogId,
    /// What that replica's disk holds of the log, this observation already included.
    pub ledger: &'a Ledger,
    /// What has been learnt of the log. The reference fold has already applied
    /// the entry observed; what this replica alone claims is not yet a fact.
    pub facts: &'a Facts,
    /// What has been learnt of the requests of all logs.
    pub requests: &'a Requests,
    /// The observation.
    pub observation: &'a Observation<E>,
}

/// How an invariant was broken. One pointer wide: what nearly never happens is not made
/// room for wherever it might.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(Box<Breach>);

/// What is told of a broken invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// How it was broken.
    pub cause: Cause,
    /// The replicas that it concerns.
    pub replicas: Vec<ReplicaId>,
    /// What happened, in a sentence.
    pub message: String,
    /// The requests that show it, where it is about some.
    pub requests: Vec<RequestId>,
}

impl Deref for Broken {
    type Target = Breach;

    fn deref(&self) -> &Breach {
        &self.0
    }
}

impl Broken {
    /// Broken by one replica.
    #[cold]
    pub fn by(cause: Cause, replica: ReplicaId, message: impl Into<String>) -> Self {
        Self::of(cause, vec![replica], message.into())
    }

    /// Broken between two replicas, named once when they are the same.
    #[cold]
    pub fn between(
        cause: Cause,
        one: ReplicaId,
        other: ReplicaId,
        message: impl Into<String>,
    ) -> Self {
        let mut replicas = vec![one, other];
        replicas.sort_unstable();
        replicas.dedup();
        Self::of(cause, replicas, message.into())
    }

    fn of(cause: Cause, replicas: Vec<ReplicaId>, message: String) -> Self {
        Self(Box::new(Breach {
            cause,
            replicas,
            message,
            requests: Vec::new(),
        }))
    }

    /// The same, shown by these requests.
    #[must_use]
    pub fn shown_by(mut self, requests: impl IntoIterator<Item = RequestId>) -> Self {
        self.0.requests.extend(requests);
        self
    }

    /// What is told of it.
    pub fn into_breach(self) -> Breach {
        *self.0
    }
}

/// Something that must hold after every observation of the kinds that it sees.
pub trait Invariant<E> {
    /// Its name in scenarios and reports.
    const NAME: &'static str;

    /// The kinds of observation that it looks at; it is not shown others.
    const SEES: Kinds;

    /// Takes one observation into account.
    ///
    /// # Errors
    /// How it is broken, if it is.
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken>;

    /// How often something was compared that could have differed.
    fn evaluated(&self) -> u64;
}
