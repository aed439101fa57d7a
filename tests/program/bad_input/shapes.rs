//! Values that no key can hold, and tables, lists and names that stand where another of these
//! belongs.

use super::refused;

/// Words of the parser and of its types, which no user has to know.
const WORDS: [&str; 14] = [
    "field",
    "string \"",
    "untagged",
    "variant",
    "enum",
    " map",
    "sequence",
    "struct",
    "i128",
    "u64",
    "string or table",
    "__toml_private",
    "null",
    "JSON",
];

/// Each is refused with exactly this message, after the name of the file.
fn each_is_refused(cases: &[(&str, &str)]) {
    for (text, message) in cases {
        let said = refused(text);
        let wanted = format!("bad.toml:{message}");
        assert!(said.err.contains(&wanted), "{text}\n{wanted}\n{}", said.err);
        for word in WORDS {
            assert!(!said.err.contains(word), "{word}: {}", said.err);
        }
    }
}

#[test]
fn a_number_that_is_none_is_refused_at_its_own_key_and_line_in_every_table() {
    each_is_refused(&[
        (
            "[system]\nreads = \"log\"\ntick = nan\n",
            "3: system.tick: nan is no number",
        ),
        (
            "[system]\nquorum = { read = inf, write = 2 }\n",
            "2: system.quorum.read: inf is no",
        ),
        (
            "[workload.own]\nrate = [1.0, -inf]\n",
            "2: workload.own.rate: -inf is no",
        ),
        (
            "[network]\nsession_breaks = nan\n",
            "2: network.session_breaks: nan is no",
        ),
        (
            "[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"set_priority\"\nvalue = nan\n",
            "5: action[0].value: nan is no",
        ),
    ]);
}

#[test]
fn a_date_is_called_a_date_wherever_it_stands() {
    each_is_refused(&[
        ("about = 2020-01-01\n", "1: about: 2020-01-01 is a date"),
        (
            "[cluster]\nreplicas = 2020-01-01\n",
            "2: cluster.replicas: 2020-01-01 is a date",
        ),
        (
            "[system]\ntick = 10:00:00\n",
            "2: system.tick: 10:00:00 is a date",
        ),
        (
            "[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"set_priority\"\nvalue = 2020-01-01\n",
            "5: action[0].value: 2020-01-01 is a date",
        ),
    ]);
}

#[test]
fn a_number_that_is_too_large_is_refused_with_the_range_of_its_key() {
    let all = "write a whole number from -9223372036854775808 to 9223372036854775807";
    let huge = "18446744073709551616";
    each_is_refused(&[
        (
            &format!("[system]\nbatch_size = {huge}\n"),
            &format!("2: system.batch_size: {huge} is out of range: {all}"),
        ),
        (
            &format!("[cluster]\nreplicas = {huge}{huge}{huge}\n"),
            &format!("2: cluster.replicas: {huge}{huge}{huge} is out of range: {all}"),
        ),
        (
            "[system]\nbatch_size = 4294967296\n",
            "2: system.batch_size: wrong value: the number `4294967296`, expected a whole number \
             from 0 to 4294967295",
        ),
        (
            "[cluster]\nreplicas = -1\n",
            "2: cluster.replicas: wrong value: the number `-1`, expected a whole number from 0 to \
             9223372036854775807",
        ),
    ]);
}

#[test]
fn a_list_is_not_read_as_a_table() {
    let table = "wrong type: a list, expected a table, as { key = value }";
    each_is_refused(&[
        (
            "cluster = [\"kv\", 3, 4]\n",
            &format!("1: cluster: {table}"),
        ),
        ("disk = [\"unsynced\"]\n", &format!("1: disk: {table}")),
        ("cluster = []\n", &format!("1: cluster: {table}")),
        ("check = []\n", &format!("1: check: {table}")),
        (
            "[workload]\nphases = [[\"1s\"]]\n",
            &format!("2: workload.phases: {table}"),
        ),
        ("fault = [[\"1s\"]]\n", &format!("1: fault: {table}")),
        (
            "[system]\nquorum = [3, 2]\n",
            &format!("2: system.quorum: {table}"),
        ),
        (
            "[network]\nlatency = { shape = { uniform = [\"1ms\", \"2ms\"] } }\n",
            &format!("2: network.latency.shape.uniform: {table}"),
        ),
    ]);
}

#[test]
fn a_table_of_which_there_is_one_is_not_written_as_a_list_of_them() {
    each_is_refused(&[
        (
            "about = \"x\"\n[[cluster]]\nreplicas = 3\n",
            "2: cluster: there is one such table, and no list of them: write [cluster]",
        ),
        (
            "[[check.settle]]\nbound = \"1s\"\n",
            "1: check.settle: there is one such table, and no list of them: write [check.settle]",
        ),
    ]);
}

#[test]
fn a_pair_is_of_two_and_not_of_one_or_three() {
    let cut = |links| format!("[[fault]]\nat = \"1s\"\nkind = \"cut\"\nlinks = [{links}]\n");
    each_is_refused(&[
        (
            &cut("[1, 2, 3]"),
            "4: fault[0].links: 2 values are needed, and more are given",
        ),
        (
            &cut("[1]"),
            "4: fault[0].links: 2 values are needed, and 1 are given",
        ),
    ]);
}

#[test]
fn one_of_several_values_is_written_as_documented_or_refused_with_all_of_them() {
    each_is_refused(&[
        (
            "[system]\nsnapshots = 3\n",
            "2: system.snapshots: wrong type: the number `3`, expected one of `off`, `sync`, `every`",
        ),
        (
            "[system]\nsnapshots = { off = {} }\n",
            "2: system.snapshots.off: off takes no value: write \"off\"",
        ),
        (
            "[system]\nsnapshots = \"every\"\n",
            "2: system.snapshots: \"every\" needs a value: write { every = ... }",
        ),
        (
            "[system]\nsnapshots = { every = 5, off = 1 }\n",
            "2: system.snapshots: one key is needed, and more are given",
        ),
        (
            "[system]\nsnapshots = {}\n",
            "2: system.snapshots: one key is needed, and none is given",
        ),
        (
            "[check]\nexpect = [\"pass\"]\n",
            "2: check.expect: wrong type: a list, expected one of `pass`, `violation`",
        ),
        (
            "[system]\nmissed_ticks = { burst = true }\n",
            "2: system.missed_ticks: burst takes no value: write \"burst\"",
        ),
    ]);
}

#[test]
fn what_is_nested_too_deeply_is_refused_at_its_line() {
    let deep = vec!["a"; 90].join(".");
    let lists = format!("{}{}", "[".repeat(90), "]".repeat(90));
    each_is_refused(&[
        (&format!("[system]\n{deep} = 1\n"), "2: "),
        (&format!("[system]\ntick = {lists}\n"), "2: "),
    ]);
    for text in [format!("{deep} = 1\n"), format!("a = {lists}\n")] {
        refused(&text).complains(&["bad.toml:1: ", "is nested too deeply"]);
    }
}

#[test]
fn a_key_that_is_no_plain_word_is_shown_in_quotes() {
    each_is_refused(&[
        ("[system]\n\"\" = 1\n", "2: system.\"\": unknown"),
        ("[system]\n\"a.b\" = 1\n", "2: system.\"a.b\": unknown"),
    ]);
}
