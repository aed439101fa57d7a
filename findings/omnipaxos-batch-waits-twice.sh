#!/usr/bin/env bash
# omnipaxos 0.2.4: how long does an entry wait in a batch that is not full?
#
# Guess: one flush timeout. `flush_batch_tick_timeout` is described as the time after which a
# batch is sent although it is not full.
# Seen: up to two. The leader holds the entry until its flush timer fires; a follower then holds
# its answer until its own timer fires, which began anew when the message came. With messages
# that arrive at once, three servers, and timeouts of 10, 20 and 40 ticks, an entry that is
# appended alone is decided after 15, 35 and 75 ticks.
# What follows: a bound on how long a healthy cluster takes has to count the timeout twice.
#
# Needs: cargo and crates by name. Exits with 1 if the numbers differ.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"

cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "batch-waits"
version = "0.0.0"
edition = "2021"

[dependencies]
omnipaxos = "=0.2.4"
omnipaxos_storage = "=0.2.4"

[workspace]
TOML

cat > "$folder/src/main.rs" <<'RUST'
use omnipaxos::messages::Message;
use omnipaxos::{macros::Entry, ClusterConfig, OmniPaxos, OmniPaxosConfig, ServerConfig};
use omnipaxos_storage::memory_storage::MemoryStorage;

#[derive(Clone, Debug, Entry)]
struct Number(#[allow(dead_code)] u64);

type Server = OmniPaxos<Number, MemoryStorage<Number>>;

struct Cluster(Vec<Server>);

impl Cluster {
    fn of_three(batch_size: usize, flush_ticks: u64) -> Cluster {
        let server = |pid| {
            let config = OmniPaxosConfig {
                cluster_config: ClusterConfig {
                    configuration_id: 1,
                    nodes: vec![1, 2, 3],
                    ..Default::default()
                },
                server_config: ServerConfig {
                    pid,
                    election_tick_timeout: 5,
                    flush_batch_tick_timeout: flush_ticks,
                    batch_size,
                    buffer_size: 100,
                    ..Default::default()
                },
            };
            config.build(MemoryStorage::default()).unwrap()
        };
        Cluster((1..=3).map(server).collect())
    }

    /// Whatever is sent arrives at once, until nothing is sent any more.
    fn deliver(&mut self) {
        let mut sent: Vec<Message<Number>> = Vec::new();
        loop {
            for server in &mut self.0 {
                server.take_outgoing_messages(&mut sent);
            }
            if sent.is_empty() {
                return;
            }
            for message in sent.drain(..) {
                let receiver = message.get_receiver() as usize - 1;
                self.0[receiver].handle_incoming(message);
            }
        }
    }

    fn tick(&mut self) {
        self.0.iter_mut().for_each(Server::tick);
        self.deliver();
    }
}

/// The ticks from an append at the leader until the leader has it decided.
fn ticks_until_decided(batch_size: usize, flush_ticks: u64) -> u64 {
    let mut cluster = Cluster::of_three(batch_size, flush_ticks);
    let leader = loop {
        cluster.tick();
        if let Some((leader, true)) = cluster.0[0].get_current_leader() {
            break leader as usize - 1;
        }
    };
    (0..3 * flush_ticks).for_each(|_| cluster.tick());
    cluster.0[leader].append(Number(7)).unwrap();
    cluster.deliver();
    let mut ticks = 0;
    while cluster.0[leader].get_decided_idx() == 0 {
        cluster.tick();
        ticks += 1;
        assert!(ticks < 10 * flush_ticks, "the entry is never decided");
    }
    ticks
}

fn main() {
    for batch_size in [1, 4] {
        let ticks = [10, 20, 40].map(|flush_ticks| ticks_until_decided(batch_size, flush_ticks));
        println!("batch_size {batch_size}: {ticks:?}");
    }
}
RUST

seen=$(cargo run --quiet --manifest-path "$folder/Cargo.toml")
expected='batch_size 1: [0, 0, 0]
batch_size 4: [15, 35, 75]'
printf 'omnipaxos 0.2.4, flush timeouts of 10, 20 and 40 ticks, ticks until decided:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'this differs from what was seen before:\n%s\n' "$expected"; exit 1; }
