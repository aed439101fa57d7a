//! Options of the command line that are wrong.

use crate::arguments;
use crate::common::{omnisim, scenario_path};

#[test]
fn what_is_said_of_random_walks_is_refused_where_none_are_taken() {
    for option in ["--walks=7", "--seed=7"] {
        let model = arguments!["model", scenario_path("model/two_replicas"), option];
        let said = omnisim(model.iter());
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[&option[..6], "add --search random"]);
    }
}

#[test]
fn a_seed_that_is_no_number_and_a_range_without_seeds_are_refused_with_what_would_be_right() {
    let path = scenario_path("smoke/hello");
    for (option, right) in [
        ("--seed=forty-two", "decimal or 0x hexadecimal"),
        ("--seed=-1", "from 0 to 2^64 - 1"),
        ("--seeds=7", "A..B"),
        ("--seeds=9..3", "smaller number first"),
        ("--seed -1", "from 0 to 2^64 - 1"),
        ("--seeds -1..3", "from 0 to 2^64 - 1"),
    ] {
        let run = arguments!["run", path];
        let said = omnisim(run.into_iter().chain(option.split(' ').map(Into::into)));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.err.contains(right), "{option}: {}", said.err);
    }
}

#[test]
fn a_scenario_is_not_replayed_without_a_seed() {
    let said = omnisim(arguments!["replay", scenario_path("smoke/hello")]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["--seed 42"]);
}
