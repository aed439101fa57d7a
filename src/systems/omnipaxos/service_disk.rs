//! The disk of an OmniPaxos service.

use std::rc::Rc;

use super::disk::PaxosDisk;
use super::entry::Entry;
use super::machine::Machine;

/// The library's storage, and the checkpoint of the service.
pub(super) type ServiceDisk<S> = PaxosDisk<Entry<S>, Rc<Machine<S>>>;
