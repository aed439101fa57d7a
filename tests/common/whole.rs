//! Parts of systems that bring their own replicas, where a test has nothing to say of them.

use omnisim::network::LinkContract;
use omnisim::storage::Durability;
use omnisim::system::Contract;

/// What a system is written for that believes it needs no disk.
pub(crate) const fn without_a_disk(links: LinkContract, clocks_bounded: bool) -> Contract {
    Contract {
        links,
        disks: Durability::Amnesia,
        clocks_bounded,
    }
}
