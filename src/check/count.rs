//! How often a check was evaluated: a number for people, on which nothing depends.

use std::hash::{Hash, Hasher};
use std::ops::AddAssign;

/// How often something was evaluated. It is no part of a check's state: two checks that
/// differ in nothing else will judge everything alike, so they hash alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count(u64);

impl Count {
    pub(super) const ZERO: Self = Self(0);

    pub(super) const fn get(self) -> u64 {
        self.0
    }
}

impl AddAssign<u64> for Count {
    #[inline(always)]
    fn add_assign(&mut self, more: u64) {
        self.0 += more;
    }
}

impl Hash for Count {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
