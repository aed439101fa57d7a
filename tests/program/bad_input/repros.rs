//! Repro files that are wrong, or taken for something else.

use crate::arguments;
use crate::common::{Folder, Said, omnisim, scenario_path};

#[test]
fn a_repro_file_is_not_run_but_told_how_to_be_replayed() {
    let out = Folder::new();
    let saved = arguments!["--seed", "1", "--save", "--out", out.path()];
    let run = arguments!["run", scenario_path("smoke/hello")];
    assert_eq!(omnisim(run.iter().chain(&saved)).code, Some(0));
    let repro = out.path().join("hello-1.repro.toml");
    let said = omnisim(arguments!["run", repro]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    let command = format!("omnisim replay {}", repro.display());
    said.complains(&[&command]);
}

#[test]
fn a_text_about_digests_is_no_repro_and_a_scenario_is_told_from_one() {
    let folder = Folder::new();
    let text = "# a page\ndigest    0x598f1bc0277eaaff\n[scenario\n";
    let page = folder.write("page.toml", &text.replace("[scenario", "schedule"));
    let said = omnisim(arguments!["run", page]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["page.toml:2: "]);
    let said = omnisim(arguments!["shrink", scenario_path("smoke/hello")]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["is a scenario, not a repro file"]);
}

#[test]
fn a_repro_that_is_cut_short_anywhere_is_refused_and_never_run() {
    let whole = saved_repro();
    let tables = whole.find("[scenario").expect("the scenario is in it");
    for cut in [tables / 4, tables / 2, tables - 1, tables + 5, tables + 40] {
        let said = refused_repro(&whole[..cut]);
        said.complains(&["bad.repro.toml"]);
    }
}

#[test]
fn a_mistake_in_the_scenario_of_a_repro_is_named_at_its_line_and_key_of_the_repro() {
    let whole = saved_repro();
    let cluster = "[scenario.cluster]\n";
    for (from, to, at, says) in [
        (
            "replicas = 3",
            "replicas = 99",
            "cluster.replicas",
            "99 is not between",
        ),
        (
            "replicas = 3",
            "replicas = [3]",
            "cluster.replicas",
            "wrong type: a list",
        ),
        (
            "replicas = 3",
            "replicas = nan",
            "cluster.replicas",
            "nan is no number",
        ),
        (
            cluster,
            "[scenario.system]\ntick = nan\n[scenario.cluster]\n",
            "system.tick",
            "nan",
        ),
        (
            cluster,
            "[scenario.system]\ntack = 1\n[scenario.cluster]\n",
            "system.tack",
            "tick",
        ),
        (
            "replicas = 3",
            "tick = \"5ms\"",
            "cluster.tick",
            "in the table [scenario.system]",
        ),
    ] {
        let edited = whole.replacen(from, to, 1);
        let changed = to.lines().find(|line| !line.starts_with('['));
        let place = edited
            .find(changed.expect("a line"))
            .expect("it was replaced");
        let line = 1 + edited[..place].matches('\n').count();
        let said = refused_repro(&edited);
        said.complains(&[&format!("bad.repro.toml:{line}: scenario.{at}: "), says]);
    }
}

#[test]
fn a_repro_whose_scenario_has_no_name_is_refused() {
    let whole = saved_repro();
    let named = "name = \"hello\"\n";
    assert!(whole.contains(named), "{whole}");
    let said = refused_repro(&whole.replace(named, ""));
    said.complains(&["scenario.name: a repro file needs the name", "write name ="]);
}

#[test]
fn a_repro_that_is_neither_a_run_nor_a_schedule_or_both_is_refused() {
    let whole = saved_repro();
    let digest = whole.lines().find(|line| line.starts_with("digest"));
    let digest = digest.expect("it says how it went");
    for (from, to, says) in [
        (
            "seed = 1\n",
            "",
            "needs its seed, that of a schedule its schedule",
        ),
        (
            "seed = 1\n",
            "seed = 1\nschedule = []\n",
            "a schedule has no seed",
        ),
        (
            "seed = 1\n",
            "schedule = []\n",
            "a schedule has no decisions",
        ),
        (
            "[decisions]\nkeep = \"all\"\n",
            "",
            "write [decisions] and keep = \"all\"",
        ),
        (digest, "digest = \"\"", "\"\" is no digest"),
    ] {
        assert!(whole.contains(from), "{from}: {whole}");
        refused_repro(&whole.replacen(from, to, 1)).complains(&[says]);
    }
}

/// What is in the repro file of a run.
fn saved_repro() -> String {
    let out = Folder::new();
    let run = arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seed",
        "1",
        "--save",
        "--out",
        out.path()
    ];
    assert_eq!(omnisim(run).code, Some(0));
    std::fs::read_to_string(out.path().join("hello-1.repro.toml")).expect("it was saved")
}

/// Replays a repro that is wrong; nothing may come of it but the message.
fn refused_repro(text: &str) -> Said {
    let folder = Folder::new();
    let said = omnisim(arguments!["replay", folder.write("bad.repro.toml", text)]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    said
}
