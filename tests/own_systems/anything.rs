//! A model that promises nothing and clients that only ask, for systems of which something else
//! is to be seen.

use std::fmt::Debug;
use std::marker::PhantomData;

use knossos::Model;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::observation::ClientId;

/// Nothing is promised of what is answered to these commands.
pub(crate) struct Anything<C, O>(PhantomData<(C, O)>);

impl<C, O> Anything<C, O> {
    pub(crate) const MODEL: Self = Self(PhantomData);
}

impl<C: PartialEq + Debug, O: PartialEq + Debug> Model for Anything<C, O> {
    type State = ();
    type Input = C;
    type Output = O;

    fn initial(&self) {}

    fn step(&self, (): &(), _: &C, _: Option<&O>) -> Option<()> {
        Some(())
    }

    fn describe(&self, command: &C, output: Option<&O>) -> String {
        format!("{command:?} gives {output:?}")
    }
}

/// A client that asks for nothing in particular.
pub(crate) struct Asking<O>(PhantomData<O>);

impl<O> Workload for Asking<O> {
    type Command = ();
    type Output = O;

    fn new(_: ClientId, _: &WorkloadOptions) -> Self {
        Self(PhantomData)
    }

    fn next(&mut self, _: bool, _: &mut Chooser<'_>) {}

    fn probe(&mut self, _: u64) {}
}
