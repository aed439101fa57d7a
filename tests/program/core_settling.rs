//! A run that settles in core mode says who is mended, and who stays cut off.

use crate::arguments;
use crate::common::{Folder, omnisim};

/// One replica of three is down when the run settles, until the end.
const TEXT: &str = "[workload]\nphases = [{ duration = \"2s\" }]\n\
                    [[fault]]\nat = \"1s\"\nkind = \"crash\"\nreplica = 3\n";
const CORE: &str = "[check]\nsettle = { mode = \"core\" }\n";

#[test]
fn core_settling_is_told_in_summary_trace_picture_and_json() {
    let folder = Folder::new();
    let path = folder.write("core.toml", &format!("{TEXT}{CORE}"));
    let (mut down, mut up) = (0, 0);
    for seed in 0..8 {
        let seed = format!("--seed={seed}");
        let run = |format| {
            omnisim(arguments![
                "run",
                path,
                seed,
                format,
                "--out",
                folder.path()
            ])
        };
        let settled = run("--format=json").objects()[0]["settled"].clone();
        let cut_off = settled["cut_off"].as_array().expect("it is a list");
        assert_eq!(cut_off.len(), 1, "a quorum of three is two: {settled}");
        let replica = &cut_off[0]["replica"];
        let is_down = cut_off[0]["is_down"] == true;
        assert_eq!(is_down, *replica == 3, "{settled}");
        let words = if is_down {
            down += 1;
            format!("replica {replica} (down) stays cut off")
        } else {
            up += 1;
            format!("replica {replica} stays cut off")
        };
        let summary = run("--format=text").out;
        assert!(summary.contains(&words), "{words}\n{summary}");

        let picture = folder.path().join("core.svg");
        let replay = arguments!["replay", path, seed, "--trace", "--picture", picture];
        let trace = omnisim(replay.iter()).out;
        assert!(trace.contains(&words), "{words}\n{trace}");
        assert!(trace.contains("settle: only replicas "), "{trace}");
        let drawn = std::fs::read_to_string(&picture).expect("it was drawn");
        assert!(drawn.contains(&words), "{words} is not drawn");
    }
    assert!(down > 0 && up > 0, "{down} were down, {up} were up");
}

#[test]
fn where_everything_is_mended_nobody_is_said_to_be_cut_off() {
    let folder = Folder::new();
    let path = folder.write("full.toml", TEXT);
    let replay = omnisim(arguments!["replay", path, "--seed=0", "--trace"]);
    assert_eq!(replay.code, Some(0), "{replay:?}");
    assert!(replay.out.contains("settle: everything is mended, for "));
    assert!(!replay.out.contains("cut off"), "{}", replay.out);
}
