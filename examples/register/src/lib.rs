//! A register that several replicas serve and one holds, and all that omnisim has to know of it.
//!
//! There is no OmniPaxos in it, no log, no leader and no disk. The only copy is in the memory of
//! replica 1, the *holder*; the others forward what they are asked. As long as the holder lives,
//! that is linearizable whatever the network does; when it crashes, acknowledged writes are gone.

mod judges;
mod options;
mod packet;
mod replica;
mod workload;

use knossos::Anomaly;
use knossos::models::register::Register as Model;
use omnisim::prelude::*;

pub use options::{Bug, Options};
pub use packet::Packet;
pub use replica::SingleCopy;
pub use workload::{Clients, ClientsOptions};

/// The replica that holds the value.
pub const HOLDER: ReplicaId = 1;

/// The role that it has, for faults that strike it by name.
pub const HOLDER_ROLE: &str = "holder";

/// The register as a system under test.
#[derive(Clone, Copy, Debug)]
pub struct Register;

/// What is wrong with a single copy, and known to be: a scenario that lists it as `known` goes on to
/// find what else there is.
const LOST_WITH_HOLDER: Finding = Finding {
    name: "lost-with-holder",
    checks: &["linearizability", judges::ONE_ANSWER],
    causes: &[
        Cause::Own,
        Cause::Anomaly(Anomaly::StaleRead),
        Cause::Anomaly(Anomaly::LostEffect),
        Cause::Anomaly(Anomaly::Disagreement),
    ],
    panics: &[],
    in_contract: true,
    library: "register",
    summary: "what was acknowledged is gone when the holder crashes, which stores nothing",
};

/// Sessions are all that it relies on: it stores nothing, and reads no clock.
const ASSUMES: Contract = Contract {
    links: LinkContract::Session,
    disks: Durability::Amnesia,
    clocks_bounded: false,
};

impl System for Register {
    type Replica = SingleCopy;
    type Workload = Clients;
    type Model = Model;
    type Fold = NoFold;

    const INFO: SystemInfo = SystemInfo {
        roles: &[HOLDER_ROLE],
        cues: &[("ask", 20_000), ("answer", 20_000)],
        planted: options::PLANTED,
        own_findings: &[LOST_WITH_HOLDER],
        schema: Some(|| schemars::schema_for!(Options)),
        ..SystemInfo::new("register", ASSUMES)
    };

    fn setup(scenario: &Scenario) -> Result<Setup<Options>, KeyError> {
        let options = Options::of(scenario)?;
        let usual = Profile::of_replicas(scenario.cluster.replicas);
        let profile = Profile {
            tick: options.ask_again.map_or(usual.tick, |time| time.0),
            ..usual
        };
        Ok(Setup { options, profile })
    }

    fn model() -> Model {
        Model
    }

    fn judges() -> Vec<Box<dyn Judge<Self>>> {
        vec![Box::new(judges::OneAnswer::default())]
    }

    /// No majority is needed, only the holder.
    fn can_serve(_: &Setup<Options>, reached: &[ReplicaId]) -> bool {
        reached.contains(&HOLDER)
    }
}

/// What the program tests. It stands here so that the simulator is compiled over the register once,
/// with this library, and neither again for the program nor for the tests.
pub static SYSTEMS: Systems<'static> = omnisim::systems![Whole<Register>];
