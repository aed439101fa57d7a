//! For each key of a scenario file, two values of which one must lead to something else than the
//! other.

/// A key, the lines with which it can mean something, and those that give it another value.
pub(crate) type Try = (&'static str, &'static str, &'static str);

/// A scenario in which much happens in little time; a line of a try takes the place of one here.
pub(crate) const BUSY: &str = "workload.clients = 4
workload.phases = [{ duration = \"1500ms\", requests_per_sec = 60, read_ratio = 0.3 }]
workload.timeout = \"150ms\"
workload.retry = \"next\"
network.latency = { shape = { uniform = { min = \"1ms\", max = \"4ms\" } } }
";

/// A scenario of which every schedule can be taken at once.
pub(crate) const SMALL: &str = "cluster.replicas = 2
model.clients = [{ at = 1, does = [\"write\"] }]
model.attempts = 1
model.require = []
";

pub(crate) const SYSTEM: &[Try] = &[
    ("quorum", "", "system.quorum = { read = 3, write = 2 }"),
    (
        "quorum.read",
        "cluster.replicas = 5\nsystem.quorum = { read = 3, write = 3 }",
        "system.quorum = { read = 4, write = 3 }",
    ),
    (
        "quorum.write",
        "cluster.replicas = 5\nsystem.quorum = { read = 4, write = 3 }",
        "system.quorum = { read = 4, write = 2 }",
    ),
    ("tick", "", "system.tick = \"9ms\""),
    ("election_ticks", "", "system.election_ticks = 8"),
    (
        "resend_ticks",
        "nemesis.session_breaks = { every = \"100ms\" }\nnemesis.crash = { every = \"300ms\" }",
        "system.resend_ticks = 3",
    ),
    (
        "flush_ticks",
        "system.batch_size = 5",
        "system.flush_ticks = 1",
    ),
    ("batch_size", "", "system.batch_size = 4"),
    ("priorities", "", "system.priorities = [1, 5, 1]"),
    (
        "initial_leader",
        "system.start_signal = \"upstream\"\nsystem.initial_leader = 1",
        "system.initial_leader = 2",
    ),
    (
        "start_signal",
        "system.initial_leader = 1",
        "system.start_signal = \"upstream\"",
    ),
    (
        "leader_wait",
        "system.initial_leader = 1\nsystem.start_signal = \"upstream\"",
        "system.leader_wait = \"50ms\"",
    ),
    (
        "missed_ticks",
        "nemesis.pause = { every = \"200ms\", for = \"100ms..200ms\" }",
        "system.missed_ticks = \"burst\"",
    ),
    ("reads", "", "system.reads = \"local\""),
    ("dedup", "", "system.dedup = false"),
    ("snapshots", "", "system.snapshots = { every = 10 }"),
    (
        "snapshots.every",
        "system.snapshots = { every = 10 }",
        "system.snapshots = { every = 20 }",
    ),
    ("take_outgoing", "", "system.take_outgoing = \"batch\""),
    (
        "take_outgoing.every",
        "system.take_outgoing = { every = \"1ms\" }",
        "system.take_outgoing = { every = \"2ms\" }",
    ),
];

pub(crate) const NETWORK: &[Try] = &[
    ("contract", "", "network.contract = \"datagram\""),
    (
        "latency",
        "",
        "network.latency = { shape = { constant = \"1ms\" } }",
    ),
    (
        "client_latency",
        "",
        "network.client_latency = { shape = { constant = \"1ms\" } }",
    ),
    (
        "regions",
        "",
        "network.regions = { locations = [\"a\", \"a\", \"b\"], between = [{ a = \"a\", b = \"b\", latency = { shape = { constant = \"9ms\" } } }] }",
    ),
    (
        "loss",
        "network.contract = \"lossy\"",
        "network.loss = 0.05",
    ),
    (
        "duplicate",
        "network.contract = \"datagram\"",
        "network.duplicate = 0.05",
    ),
    (
        "reorder",
        "network.contract = \"datagram\"",
        "network.reorder = 0.05",
    ),
    (
        "reorder_by",
        "network.contract = \"datagram\"\nnetwork.reorder = 0.05",
        "network.reorder_by = \"3ms\"",
    ),
    (
        "handshake",
        "nemesis.session_breaks = { every = \"100ms\" }",
        "network.handshake = \"7ms..9ms\"",
    ),
];

pub(crate) const REST: &[Try] = &[
    ("cluster.replicas", "", "cluster.replicas = 5"),
    (
        "cluster.names",
        "",
        "cluster.names = [\"a\", \"b\", \"c\", \"d\", \"e\"]",
    ),
    (
        "selftest.planted",
        "",
        "selftest.planted = \"dedup-missing\"",
    ),
    (
        "disk.contract",
        "nemesis.crash = { every = \"300ms\" }",
        "disk.contract = \"amnesia\"",
    ),
    ("disk.write_latency", "", "disk.write_latency = \"1ms\""),
    (
        "disk.unsynced_writes",
        "disk.contract = \"unsynced\"\nnemesis.crash = { every = \"300ms\" }",
        "disk.unsynced_writes = 2",
    ),
    ("clock.quality", SIGNAL, "clock.quality = \"low\""),
    ("clock.drift_ppb", SIGNAL, "clock.drift_ppb = 900_000"),
    ("workload.clients", "", "workload.clients = 5"),
    ("workload.mode", "", "workload.mode = \"closed\""),
    (
        "workload.phases",
        "",
        "workload.phases = [{ duration = \"1s\" }]",
    ),
    (
        "workload.phases[].duration",
        "workload.phases = [{ duration = \"1s\" }]",
        "workload.phases = [{ duration = \"2s\" }]",
    ),
    (
        "workload.phases[].requests_per_sec",
        "workload.phases = [{ duration = \"1s\" }]",
        "workload.phases = [{ duration = \"1s\", requests_per_sec = 9 }]",
    ),
    (
        "workload.phases[].read_ratio",
        "workload.phases = [{ duration = \"1s\" }]",
        "workload.phases = [{ duration = \"1s\", read_ratio = 0.9 }]",
    ),
    ("workload.keys", "", "workload.keys = { count = 2 }"),
    ("workload.keys.count", "", "workload.keys = { count = 3 }"),
    (
        "workload.keys.choice",
        "",
        "workload.keys = { choice = \"zipf\" }",
    ),
    (
        "workload.keys.choice.hot",
        "workload.keys = { choice = { hot = 0.5 } }",
        "workload.keys = { choice = { hot = 0.9 } }",
    ),
    ("workload.mix", "", "workload.mix = { put = 1, cas = 1 }"),
    (
        "workload.mix.put",
        "workload.mix = { put = 1, cas = 1 }",
        "workload.mix = { put = 5, cas = 1 }",
    ),
    ("workload.mix.delete", "", "workload.mix = { delete = 1 }"),
    ("workload.mix.append", "", "workload.mix = { append = 1 }"),
    ("workload.mix.cas", "", "workload.mix = { cas = 1 }"),
    (
        "workload.timeout",
        "nemesis.isolate = { every = \"100ms\" }",
        "workload.timeout = \"60ms\"",
    ),
    (
        "workload.retry",
        "nemesis.isolate = { every = \"100ms\" }",
        "workload.retry = \"none\"",
    ),
    (
        "workload.think",
        "workload.mode = \"closed\"",
        "workload.think = \"30ms\"",
    ),
    ("budget.events", "", "budget.events = 100"),
    ("budget.under_way", "", "budget.under_way = 3"),
    (
        "budget.memory_mib",
        "workload.phases = [{ duration = \"2s\", requests_per_sec = 800 }]",
        "budget.memory_mib = 1",
    ),
    (
        "check.consistency",
        "",
        "check.consistency = [\"linearizable\", \"sequential\"]",
    ),
    ("check.without", "", "check.without = [\"linearizability\"]"),
    ("check.settle.mode", "", "check.settle.mode = \"core\""),
    ("check.settle.bound", "", "check.settle.bound = \"3s\""),
    (
        "check.expect",
        "",
        "check.expect = \"violation\"\ncheck.violates = [\"agreement\"]",
    ),
    (
        "check.violates",
        "check.expect = \"violation\"\ncheck.violates = [\"agreement\"]",
        "check.violates = [\"linearizability\"]",
    ),
    (
        "check.may_violate",
        "selftest.planted = \"local-get\"\ncheck.expect = \"violation\"\ncheck.violates = [\"linearizability\"]\nnemesis.isolate = { every = \"100ms\", for = \"500ms\" }",
        "check.may_violate = [\"applied_state\"]",
    ),
    ("check.require", "", "check.require = [\"log_trimmed\"]"),
    (
        "check.search_steps",
        "system.reads = \"local\"\nworkload.keys = { count = 1 }\n\
         workload.mix = { put = 1, append = 1, cas = 2 }",
        "check.search_steps = 7",
    ),
    (
        "action",
        "",
        "action = [{ at = \"1s\", replica = 1, do = \"trim\" }]",
    ),
    (
        "action[].at",
        TRIM,
        "action = [{ at = \"900ms\", replica = 1, do = \"trim\" }]",
    ),
    (
        "action[].replica",
        TRIM,
        "action = [{ at = \"1s\", replica = 2, do = \"trim\" }]",
    ),
    (
        "action[].do",
        TRIM,
        "action = [{ at = \"1s\", replica = 1, do = \"try_become_leader\" }]",
    ),
    (
        "action[].value",
        TRIM,
        "action = [{ at = \"1s\", replica = 1, do = \"set_priority\", value = 3 }]",
    ),
    (
        "action[].may_miss",
        "fault = [{ at = \"900ms\", for = \"500ms\", kind = \"crash\", replica = 1 }]\naction = [{ at = \"1s\", replica = 1, do = \"trim\" }]",
        "action = [{ at = \"1s\", replica = 1, do = \"trim\", may_miss = true }]",
    ),
    (
        "nemesis.start_after",
        "nemesis.crash = { every = \"300ms\" }",
        "nemesis.start_after = \"1s\"",
    ),
    (
        "nemesis.actions",
        "",
        "nemesis.actions = [{ do = \"trim\", every = \"200ms\" }]",
    ),
    (
        "nemesis.actions[].do",
        "nemesis.actions = [{ do = \"trim\", every = \"200ms\" }]",
        "nemesis.actions = [{ do = \"try_become_leader\", every = \"200ms\" }]",
    ),
    (
        "nemesis.actions[].every",
        "nemesis.actions = [{ do = \"trim\", every = \"200ms\" }]",
        "nemesis.actions = [{ do = \"trim\", every = \"100ms\" }]",
    ),
    (
        "nemesis.actions[].value_up_to",
        "nemesis.actions = [{ do = \"set_priority\", every = \"200ms\", value_up_to = 1 }]",
        "nemesis.actions = [{ do = \"set_priority\", every = \"200ms\", value_up_to = 9 }]",
    ),
    ("nemesis.targeted", "", AIM),
    (
        "nemesis.targeted[].on",
        AIM,
        "nemesis.targeted = [{ on = \"accept_decide\", kind = \"crash\", chance = 0.1, for = \"50ms\" }]",
    ),
    (
        "nemesis.targeted[].kind",
        AIM,
        "nemesis.targeted = [{ on = \"accepted\", kind = \"pause\", chance = 0.1, for = \"50ms\" }]",
    ),
    (
        "nemesis.targeted[].chance",
        AIM,
        "nemesis.targeted = [{ on = \"accepted\", kind = \"crash\", chance = 0.5, for = \"50ms\" }]",
    ),
    (
        "nemesis.targeted[].for",
        AIM,
        "nemesis.targeted = [{ on = \"accepted\", kind = \"crash\", chance = 0.1, for = \"90ms\" }]",
    ),
    (
        "nemesis.targeted[].whom",
        AIM,
        "nemesis.targeted = [{ on = \"accepted\", kind = \"crash\", chance = 0.1, for = \"50ms\", whom = \"other\" }]",
    ),
    (
        "nemesis.targeted[].within",
        AIM,
        "nemesis.targeted = [{ on = \"accepted\", kind = \"crash\", chance = 0.1, for = \"50ms\", within = \"3ms\" }]",
    ),
    (
        "nemesis.targeted[].stability",
        AIM,
        "nemesis.targeted = [{ on = \"accepted\", kind = \"crash\", chance = 0.1, for = \"50ms\", stability = \"200ms\" }]",
    ),
    (
        "nemesis.targeted[].may_miss",
        "nemesis.targeted = [{ on = \"accepted\", kind = \"repeat\", chance = 0.000001, for = \"1ms\" }]\nnetwork.contract = \"datagram\"",
        "nemesis.targeted = [{ on = \"accepted\", kind = \"repeat\", chance = 0.000001, for = \"1ms\", may_miss = true }]",
    ),
];

pub(crate) const MODEL: &[Try] = &[
    ("clients", "", "model.clients = []"),
    (
        "clients[].at",
        "model.attempts_at = [1]",
        "model.clients = [{ at = 2, does = [\"write\"] }]",
    ),
    (
        "clients[].does",
        "",
        "model.clients = [{ at = 1, does = [\"write\", \"read\"] }]",
    ),
    ("attempts", "", "model.attempts = 0"),
    ("attempts_at", "", "model.attempts_at = [2]"),
    ("ticks", "", "model.ticks = 1"),
    ("time", "", "model.time = 1"),
    ("crashes", "", "model.crashes = 1"),
    (
        "crash_between_handlers",
        "model.crashes = 1",
        "model.crash_between_handlers = true",
    ),
    (
        "unsynced",
        "model.crashes = 1\ndisk.contract = \"unsynced\"\nmodel.unsynced = 1",
        "model.unsynced = 2",
    ),
    ("breaks", "", "model.breaks = 1"),
    ("cuts", "", "model.cuts = 1"),
    ("losses", "network.contract = \"lossy\"", "model.losses = 1"),
    (
        "duplicates",
        "network.contract = \"datagram\"",
        "model.duplicates = 1",
    ),
    (
        "reorders",
        "network.contract = \"datagram\"",
        "model.reorders = 1",
    ),
    ("retries", "", "model.retries = 1"),
    ("settles", "", "model.settles = true"),
    ("identity", "", "model.identity = \"history\""),
    ("require", "", "model.require = [\"recovery\"]"),
    ("violates", "", "model.violates = [\"agreement\"]"),
];

/// Keys that no try is for, and why.
pub(crate) const ELSEWHERE: &[(&str, &str)] = &[
    ("about", "shown with every run"),
    (
        "cluster.system",
        "names the system; tests/program/bad_input",
    ),
    (
        "workload.own",
        "of workloads that have some; the store has none",
    ),
    (
        "system.buffer_size",
        "what the library first takes room for: it grows, and nothing shows",
    ),
    (
        "clock.base_offset",
        "all clocks are off alike: simulated_clock, and systems that read it",
    ),
    (
        "clock.monotone",
        "the store reads clocks only when it starts: simulated_clock",
    ),
    ("network.latency.shape", "src/decision/distribution.rs"),
    ("network.latency.tail", "src/decision/distribution.rs"),
    (
        "network.client_latency.shape",
        "src/decision/distribution.rs",
    ),
    (
        "network.client_latency.tail",
        "src/decision/distribution.rs",
    ),
    ("network.regions.between", "src/network/options.rs"),
    ("network.regions.locations", "src/network/options.rs"),
    ("fault", "tests/runs/keys.rs tries each with each kind"),
    (
        "check.known",
        "names findings; tests/runs/scenarios.rs runs scenarios with them",
    ),
    ("check.seeds", "says how many runs there are"),
    (
        "model.from",
        "a moment of a run; tests/searches/going_on.rs goes on from some",
    ),
];

pub(crate) const SIGNAL: &str = "system.initial_leader = 1\nsystem.start_signal = \"upstream\"";
pub(crate) const TRIM: &str = "action = [{ at = \"1s\", replica = 1, do = \"trim\" }]";
pub(crate) const AIM: &str =
    "nemesis.targeted = [{ on = \"accepted\", kind = \"crash\", chance = 0.1, for = \"50ms\" }]";
