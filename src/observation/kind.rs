//! The kinds of observation, and sets of them: what a check has to look at.

use super::Observation;

/// What an [`Observation`] is of, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the variant of the same name")]
#[non_exhaustive]
pub enum Kind {
    Promise,
    AcceptedRound,
    Truncated,
    Appended,
    Decided,
    Trimmed,
    SnapshotStored,
    Written,
    Lost,
    Started,
    Crashed,
    Said,
    Leads,
    Role,
    Heartbeat,
    Applied,
    Restored,
    State,
    Replied,
    Deviated,
}

/// Some kinds of observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// These kinds.
    pub const fn of(kinds: &[Kind]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        while place < kinds.len() {
            bits |= 1 << kinds[place] as u32;
            place += 1;
        }
        Self(bits)
    }

    /// No kind.
    pub const NONE: Self = Self(0);

    /// All kinds.
    pub const ALL: Self = Self(u32::MAX);

    /// These and those.
    #[inline]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether `kind` is one of them.
    #[inline]
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}

impl<E> Observation<E> {
    /// What it is of.
    #[inline]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Promise(_) => Kind::Promise,
            Self::AcceptedRound(_) => Kind::AcceptedRound,
            Self::Truncated { .. } => Kind::Truncated,
            Self::Appended { .. } => Kind::Appended,
            Self::Decided { .. } => Kind::Decided,
            Self::Trimmed { .. } => Kind::Trimmed,
            Self::SnapshotStored { .. } => Kind::SnapshotStored,
            Self::Written => Kind::Written,
            Self::Lost { .. } => Kind::Lost,
            Self::Started { .. } => Kind::Started,
            Self::Crashed => Kind::Crashed,
            Self::Said { .. } => Kind::Said,
            Self::Leads { .. } => Kind::Leads,
            Self::Role(_) => Kind::Role,
            Self::Heartbeat { .. } => Kind::Heartbeat,
            Self::Applied { .. } => Kind::Applied,
            Self::Restored { .. } => Kind::Restored,
            Self::State { .. } => Kind::State,
            Self::Replied { .. } => Kind::Replied,
            Self::Deviated => Kind::Deviated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_its_kinds_and_no_others() {
        const SOME: Kinds = Kinds::of(&[Kind::Promise, Kind::Replied]);
        assert!(SOME.contains(Kind::Promise) && SOME.contains(Kind::Replied));
        assert!(!SOME.contains(Kind::Written));
        assert!(
            SOME.and(Kinds::of(&[Kind::Written]))
                .contains(Kind::Written)
        );
        assert!(Kinds::ALL.contains(Kind::Promise) && Kinds::ALL.contains(Kind::Replied));
        assert_eq!(Observation::<()>::Written.kind(), Kind::Written);
    }
}
