//! A replicated lock service, and all that omnisim has to know of it.

mod command;
mod model;
mod workload;

use std::collections::BTreeMap;

use omnisim::cli::HistoryModel;
use omnisim::observation::ClientId;
use omnisim::search::Systems;
use omnisim::systems::Service;
use omnisim::systems::omnipaxos::StateMachine;
use serde::{Deserialize, Serialize};

pub use command::{Answer, Ask, Command};
pub use model::LockModel;
pub use workload::LockWorkload;

/// Who holds each lock; a lock that is not here is free.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Locks(BTreeMap<String, ClientId>);

impl StateMachine for Locks {
    type Command = Command;
    type Output = Answer;

    fn apply(&mut self, command: &Command) -> Answer {
        let holder = self.0.get(&command.lock).copied();
        match (command.ask, holder) {
            (Ask::Acquire, None) => {
                self.0.insert(command.lock.clone(), command.client);
                Answer::Granted
            }
            (Ask::Release, Some(holder)) if holder == command.client => {
                self.0.remove(&command.lock);
                Answer::Released
            }
            (Ask::Release, _) => Answer::NotYours,
            (Ask::Acquire | Ask::Holder, holder) => Answer::HeldBy(holder),
        }
    }

    fn query(&self, command: &Command) -> Option<Answer> {
        let holder = self.0.get(&command.lock).copied();
        (command.ask == Ask::Holder).then_some(Answer::HeldBy(holder))
    }
}

/// The lock service as a system under test.
#[derive(Clone, Copy, Debug)]
pub struct LockService;

impl Service for LockService {
    const NAME: &'static str = "lock_service";
    type Machine = Locks;
    type Workload = LockWorkload;
    type Model = LockModel;

    fn model() -> LockModel {
        LockModel
    }
}

/// What the program tests. It stands here so that the simulator is compiled over the service once,
/// with this library, and neither again for the program nor for the tests.
pub static SYSTEMS: Systems<'static> = omnisim::systems![LockService];

/// What `check --model lock_service` judges by, so that histories of the real service get a verdict,
/// too.
pub static MODELS: &[HistoryModel] = &[HistoryModel::of::<LockModel>(
    "lock_service",
    "command: {\"lock\": ..., \"client\": ..., \"ask\": \"acquire\", \"release\" or \"holder\"}",
)];
