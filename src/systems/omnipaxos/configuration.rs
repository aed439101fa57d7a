//! The library's own configuration, whatever features the library is built with.
//!
//! A program that tests a service is one build with that service, so that features of
//! OmniPaxos that the service switches on hold here, too. They add fields to the
//! library's configuration (`logging`) and variants to its messages (`async_runtime`):
//! nothing here may name all of either. `unicache` is out of reach: it changes what an
//! entry of the log *is*, by types that every implementation of `Entry` has to name.

use omnipaxos::util::FlexibleQuorum;
use omnipaxos::{ClusterConfig, OmniPaxosConfig, ServerConfig};

use super::tuning::ReplicaOptions;
use crate::observation::ReplicaId;

impl ReplicaOptions {
    /// The library's own configuration of replica `me`.
    pub(super) fn paxos_config(&self, me: ReplicaId) -> OmniPaxosConfig {
        OmniPaxosConfig {
            cluster_config: ClusterConfig {
                configuration_id: 1,
                nodes: (1..=self.replicas).collect(),
                flexible_quorum: self.tuning.quorum.map(|quorum| FlexibleQuorum {
                    read_quorum_size: quorum.read as usize,
                    write_quorum_size: quorum.write as usize,
                }),
            },
            server_config: self.server_config(me),
        }
    }

    #[allow(
        clippy::needless_update,
        reason = "the library's feature `logging` adds fields"
    )]
    fn server_config(&self, me: ReplicaId) -> ServerConfig {
        ServerConfig {
            pid: me,
            election_tick_timeout: self.tuning.election_ticks,
            resend_message_tick_timeout: self.tuning.resend_ticks,
            buffer_size: self.tuning.buffer_size as usize,
            batch_size: self.tuning.batch_size as usize,
            flush_batch_tick_timeout: self.tuning.flush_ticks,
            leader_priority: self
                .tuning
                .priorities
                .get(me as usize - 1)
                .copied()
                .unwrap_or(0),
            // By default, the library starts two threads per replica, which write every step
            // to standard error and to a file that each start empties.
            #[cfg(feature = "logging")]
            custom_logger: Some(slog::Logger::root(slog::Discard, slog::o!())),
            ..ServerConfig::default()
        }
    }
}

/// A warning where the library is built so that it logs every step of every replica, and nobody
/// keeps it from that: its feature `logging` is on, and this crate's is not.
pub(super) fn warning() -> Option<&'static str> {
    logs_everything().then_some(
        "OmniPaxos is built with its feature \"logging\", and logs every step of every replica to \
         this terminal and to logs/: depend on omnisim with features = [\"logging\"], which keeps it \
         quiet",
    )
}

fn logs_everything() -> bool {
    // Its fields show which features the library has; nothing else does.
    !cfg!(feature = "logging") && format!("{:?}", ServerConfig::default()).contains("custom_logger")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_without_features_logs_nothing() {
        assert!(!logs_everything());
        let fields = format!("{:?}", ServerConfig::default());
        assert!(fields.contains("leader_priority"), "{fields}");
    }
}
