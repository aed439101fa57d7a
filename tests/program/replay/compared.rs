//! What a repro says of itself is compared with what is seen, and refused where it cannot be.

use super::{digest_line, edited, flawed_repro, passing_repro, replay, seed_of};
use crate::arguments;
use crate::common::{Folder, omnisim, scenario_path};
use omnisim::repro::Build;

#[test]
fn a_malformed_site_is_refused_with_its_right_form() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    for (decisions, key) in [
        ("keep = [\"loss\"]", "decisions.keep: "),
        (
            "keep = \"all\"\nset = { \"loss\" = 1 }",
            "decisions.set.loss: ",
        ),
    ] {
        let said = replay(&edited(&repro, "keep = \"all\"", decisions));
        assert_eq!(said.code, Some(2), "{said:?}");
        said.complains(&["kind/scope/number", key]);
    }
    let said = replay(&edited(&repro, "keep = \"all\"", "keep = 3"));
    said.complains(&["decisions.keep: write keep = \"all\""]);
}

#[test]
fn a_repro_that_says_what_cannot_be_is_refused_at_its_line() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    for (from, to, message) in [
        (
            digest_line(&repro),
            "digest = \"a lot\"",
            ":4: digest: \"a lot\" is no digest: write 0x and 16 lower-case hexadecimal digits",
        ),
        (
            "check = \"agreement\"".to_owned(),
            "check = \"sanity\"",
            ":7: violation.check: there is no check \"sanity\"; the checks are",
        ),
    ] {
        let said = replay(&edited(&repro, &from, to));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[message]);
    }
}

#[test]
fn a_digest_that_the_same_build_does_not_give_is_not_reproduced() {
    let out = Folder::new();
    for repro in [passing_repro(&out), flawed_repro("amnesia", &out).0] {
        let altered = edited(
            &repro,
            &digest_line(&repro),
            "digest = \"0x0000000000000001\"",
        );
        let said = replay(&altered);
        assert_eq!(said.code, Some(5), "{said:?}");
        said.complains(&["not 0x0000000000000001"]);
        let headline = said.out.lines().next().unwrap_or_default();
        assert!(headline.contains("not"), "the headline agrees: {headline}");
    }
}

#[test]
fn what_is_replayed_alone_is_a_document_of_every_format() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    for (format, begins) in [("json", "{"), ("junit", "<?xml")] {
        let said = omnisim(arguments!["replay", repro, "--format", format]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.out.starts_with(begins), "{said:?}");
    }
}

#[test]
fn an_edited_repro_without_its_digest_is_judged_by_its_violation_alone() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("local_reads", &out);
    let edited = edited(&repro, &digest_line(&repro), "");
    let said = replay(&edited);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(said.err, "", "there is nothing to remark");
}

#[test]
fn another_build_may_take_other_steps_as_long_as_the_violation_comes() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    let other = edited(
        &repro,
        &digest_line(&repro),
        "digest = \"0x0000000000000001\"",
    );
    let version = format!("omnisim = {:?}", Build::current().omnisim);
    let said = replay(&edited(&other, &version, "omnisim = \"0.0.1\""));
    assert_eq!(said.code, Some(1), "{said:?}");
    said.complains(&["made by another build", "0.0.1"]);
}

#[test]
fn a_repro_of_one_seed_is_not_replayed_with_another() {
    let out = Folder::new();
    let said = omnisim(arguments!["replay", passing_repro(&out), "--seed", "2"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["seed 1"]);
}

#[test]
fn a_seed_beyond_the_integers_of_toml_survives_its_repro() {
    let out = Folder::new();
    let path = scenario_path("smoke/quiet");
    let seed = u64::MAX.to_string();
    let said = omnisim(arguments![
        "run",
        path,
        "--seed",
        seed,
        "--save",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let repro = out.path().join(format!("quiet-{seed}.repro.toml"));
    assert_eq!(seed_of(&repro), u64::MAX);
    assert_eq!(replay(&repro).code, Some(0));
}
