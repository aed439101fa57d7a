//! Parts of systems that bring their own replicas, where a test has nothing to say of them.

use omnisim::network::LinkContract;
use omnisim::replica::Action;
use omnisim::storage::Durability;
use omnisim::system::Contract;
use serde::Serialize;

/// There is nothing that an operator could do.
#[derive(Clone, Debug, Serialize)]
pub(crate) enum NoAction {}

impl Action for NoAction {
    fn parse(name: &str, _: Option<&serde_json::Value>) -> Result<Self, String> {
        Err(format!("{name:?} is no action: this system has none"))
    }
}

/// What a system is written for that believes it needs no disk.
pub(crate) const fn without_a_disk(links: LinkContract, clocks_bounded: bool) -> Contract {
    Contract {
        links,
        disks: Durability::Amnesia,
        clocks_bounded,
    }
}
