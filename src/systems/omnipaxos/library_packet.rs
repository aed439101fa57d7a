//! The library's messages as servers of one's own send them.

use std::fmt::Debug;

use omnipaxos::messages::Message as LibraryMessage;
use omnipaxos::storage::Entry;
use serde::Serialize;

use super::message::{LIBRARY_KINDS, library_kind};
use super::telling;
use super::voice::voice;
use crate::observation::{Observation, ReplicaId};
use crate::replica::Message;

/// A message of the library on its way between servers of one's own: its kinds are moments for
/// faults, and a trace tells what it says.
#[derive(Clone, Debug, Serialize)]
#[serde(bound = "LibraryMessage<T>: Serialize")]
pub struct LibraryPacket<T: Entry>(pub LibraryMessage<T>);

impl<T: Entry> LibraryPacket<T> {
    /// What the checks have to know of it, if anything: to be observed where it is sent.
    pub fn said<E>(&self) -> Option<Observation<E>> {
        let (voice, ballot) = voice(&self.0)?;
        Some(Observation::Said { voice, ballot })
    }
}

impl<T: Entry + Debug> Message for LibraryPacket<T>
where
    LibraryMessage<T>: Serialize,
{
    const KINDS: &'static [&'static str] = LIBRARY_KINDS;

    fn kind(&self) -> usize {
        library_kind(&self.0).into()
    }

    fn tell(&self) -> String {
        telling::tell(&self.0)
    }

    fn leader(&self) -> Option<ReplicaId> {
        voice(&self.0).map(|(_, ballot)| ballot.replica)
    }

    fn is_routine(&self) -> bool {
        matches!(self.0, LibraryMessage::BLE(_))
    }
}
