//! Deterministic simulation and model checking of replicated systems built on OmniPaxos.
//!
//! A [scenario] and a seed make one run: a single-threaded [world] drives several
//! [replicas](replica) of a [system] with a seeded simulated clock over
//! a faulty [network] and [storage], while a [nemesis] interferes. Everything
//! that could go one way or another is asked of the [decision] room, so the same
//! seed gives the same run, bit for bit. [Clients](client) leave a history,
//! replicas leave [observations](observation), and [checks](check) judge both.
//!
//! # A system of your own
//!
//! A counter that OmniPaxos replicates, while sessions between the replicas break:
//!
//! ```
//! use omnisim::{knossos::models::counter::{Counter, Input, Output}, prelude::*};
//!
//! #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
//! struct Total(i64);
//! impl StateMachine for Total {
//!     type Command = Input;
//!     type Output = Output;
//!     fn apply(&mut self, command: &Input) -> Output {
//!         let Input::Add(number) = command else { return Output::Count(self.0) };
//!         self.0 += number;
//!         Output::Done
//!     }
//! }
//! # struct Clients;
//! # impl Workload for Clients {
//! #     type Command = Input;
//! #     type Output = Output;
//! #     fn new(_: ClientId, _: &WorkloadOptions) -> Self { Self }
//! #     fn next(&mut self, read: bool, _: &mut Chooser<'_>) -> Input {
//! #         if read { Input::Read } else { Input::Add(1) }
//! #     }
//! #     fn probe(&mut self, _: u64) -> Input { Input::Add(1) }
//! # }
//! struct Count;
//! impl Service for Count {
//!     const NAME: &'static str = "count";
//!     type Machine = Total;
//!     type Workload = Clients; // reads, or adds 1: nine lines that are not shown here
//!     type Model = Counter;
//!     fn model() -> Counter { Counter::default() }
//! }
//! # let folder = std::env::temp_dir().join("omnisim-landing");
//! # let folder = folder.to_str().unwrap();
//! let text = "cluster.system = 'count'\nnemesis.session_breaks = { every = '500ms' }";
//! let scenario = Scenario::parse("breaks", text).unwrap();
//! TestBed::new("my_program", folder).check_seeds::<Count>(&scenario, 0..2);
//! ```
//!
//! | you want to test | implement | to copy |
//! | --- | --- | --- |
//! | a state machine over OmniPaxos | [`StateMachine`](systems::omnipaxos::StateMachine), [`Workload`](client::Workload), [`Service`](systems::omnipaxos::Service) | `examples/lock_service` |
//! | the same, with a model that is there already | these; the model is one of [`knossos::models`] | `examples/queue` |
//! | a server of your own over OmniPaxos, as it is | [`Replica`](replica::Replica) on a [`PaxosDisk`](systems::omnipaxos::PaxosDisk), sending [`LibraryPacket`](systems::omnipaxos::LibraryPacket)s, [`Fold`](check::Fold), [`System`](system::System) | `examples/own_server` |
//! | replicas of your own, by whatever protocol | [`Replica`](replica::Replica), [`Message`](replica::Message), [`Workload`](client::Workload), [`System`](system::System); listed as [`Whole<T>`](search::Whole) | `examples/register` |
//! | an object that no model is about | [`knossos::Model`], beside one of these | `examples/lock_service` |
//! | options of your own, in `[system]` | [`System::setup`](system::System::setup) reads them | `examples/register` |
//! | options of your own, in `[workload.own]` | [`Workload::validate`](client::Workload::validate) | `examples/register` |
//! | a model for `check`, by which histories of your real cluster are judged | [`cli::HistoryModel`], given to [`cli::main_with`] | `examples/lock_service` |
//! | a check of your own, on the way or at the end of a run | [`Judge`](system::Judge), given by [`System::judges`](system::System::judges) or [`Service::judges`](systems::omnipaxos::Service::judges) | `examples/register` |
//! | a defect that you know of, so that others are found beside it | [`SystemInfo::own_findings`](system::SystemInfo::own_findings), listed as `known` in scenarios | `examples/register` |
//! | a bug of your own, to see it found | [`SystemInfo::planted`](system::SystemInfo), [`Context::deviates_if`](replica::Context::deviates_if) | `examples/register` |
//!
//! [`prelude`] has the names for all of them.
//!
//! With `default-features = false`, neither the program is compiled ([`cli`], which needs both
//! features) nor the search of every schedule ([`explore`]): enough for tests.
//!
//! # Which module is for whom
//!
//! | to | look into |
//! | --- | --- |
//! | write scenarios | [`scenario`], and what its tables are made of: [`client`], [`network`], [`storage`], [`nemesis`], [`units`] |
//! | write a system | [`systems::omnipaxos`] (a service), or [`system`] and [`replica`] |
//! | run | [`testing`] (from tests), [`cli::main`] (as a program), [`search`] (many runs, shrinking), [`explore`] (every schedule) |
//! | judge | [`check`], [`knossos`], and [`report`] for what is said of it, [`reporters`] for how it looks |
//! | see how it works | [`decision`], [`observation`], [`world`], [`judge`]: public for tests of the simulator, and free to change |

pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod client;
pub mod decision;
#[cfg(feature = "explore")]
pub mod explore;
#[cfg(feature = "cli")]
mod histories;
pub mod judge;
pub mod nemesis;
pub mod network;
pub mod observation;
pub mod prelude;
pub mod replica;
pub mod report;
pub mod reporters;
pub mod repro;
pub mod scenario;
pub mod search;
pub mod storage;
pub mod system;
pub mod systems;
pub mod testing;
pub mod units;
pub mod world;

/// Histories, sequential models and the checkers: what a [`Service`](systems::omnipaxos::Service)
/// needs for its model, without a dependency of its own.
pub use knossos;
