//! One value per replica. Replicas are numbered from 1 on.

use std::ops::{Index, IndexMut};

use crate::observation::ReplicaId;

/// One value per replica.
#[derive(Clone, Debug, Hash)]
pub(super) struct PerReplica<T>(Vec<T>);

impl<T: Clone + Default> PerReplica<T> {
    pub(super) fn new(replicas: u64) -> Self {
        Self(vec![T::default(); replicas as usize])
    }

    /// How many replicas there are.
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

impl<T> Index<ReplicaId> for PerReplica<T> {
    type Output = T;

    #[inline]
    fn index(&self, replica: ReplicaId) -> &T {
        &self.0[replica as usize - 1]
    }
}

impl<T> IndexMut<ReplicaId> for PerReplica<T> {
    #[inline]
    fn index_mut(&mut self, replica: ReplicaId) -> &mut T {
        &mut self.0[replica as usize - 1]
    }
}
