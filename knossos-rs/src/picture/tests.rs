use super::*;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::{Limits, Operation, check};

type KvOperation = OperationOf<KeyValue>;

fn put(client: u64, value: &str, call: u64, ret: u64) -> KvOperation {
    let (key, op) = ("k".into(), Op::Put(value.into()));
    Operation::completed(client, Input { key, op }, Output::Done, call, ret)
}

fn get(client: u64, value: &str, call: u64, ret: u64) -> KvOperation {
    let (key, op) = ("k".into(), Op::Get);
    let output = Output::Value(Some(value.into()));
    Operation::completed(client, Input { key, op }, output, call, ret)
}

fn page(history: &[KvOperation], options: &Options) -> String {
    let report = check(&KeyValue, history, None, &Limits::none());
    html(&KeyValue, history, &report, options)
}

/// The JSON in a page.
fn data_of(page: &str) -> serde_json::Value {
    let (_, after) = page.split_once("id=\"data\">").unwrap();
    let (json, _) = after.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

#[test]
fn nothing_in_a_history_can_leave_its_place_in_the_page() {
    let evil = "</script><script>alert(1)</script><!--{{script}}\u{2028}&lt;\"'`";
    let history = [put(1, evil, 0, 1), get(2, evil, 2, 3)];
    let bands = vec![Band {
        name: evil.into(),
        detail: evil.into(),
        from: 0,
        until: None,
    }];
    let options = Options {
        title: evil.into(),
        bands,
        ..Options::default()
    };
    let page = page(&history, &options);
    assert_eq!(page.matches("</script>").count(), 2);
    assert_eq!(page.matches("<script").count(), 2);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<!--"));
    let data = data_of(&page);
    assert_eq!(data["title"], evil);
    assert_eq!(data["operations"][0]["text"], format!("put \"k\" {evil:?}"));
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let page = page(&[put(1, "a", 0, 1)], &Options::default());
    for outside in [
        "http:", "https:", "url(h", "src=", "href=", "@import", "fetch(",
    ] {
        let page = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn the_conflict_is_marked_and_the_order_stops_at_the_culprit() {
    let history = [
        put(1, "a", 0, 1),
        put(1, "b", 2, 3),
        get(2, "a", 4, 5),
        get(2, "b", 6, 7),
    ];
    let data = data_of(&page(&history, &Options::default()));
    let of_each = |field: &str| -> Vec<serde_json::Value> {
        let operations = data["operations"].as_array().unwrap();
        operations
            .iter()
            .map(|operation| operation[field].clone())
            .collect()
    };
    assert_eq!(of_each("role"), ["source", "core", "core", ""]);
    assert_eq!(of_each("culprit"), [false, false, true, false]);
    assert_eq!(of_each("later"), [false, false, false, true]);
    assert_eq!(
        of_each("rank"),
        [
            0.into(),
            1.into(),
            serde_json::Value::Null,
            serde_json::Value::Null
        ]
    );
    assert_eq!(
        (&data["stop"], &data["anomaly"]),
        (&"5".into(), &"stale read".into())
    );
}

#[test]
fn a_consistent_history_shows_points_within_their_operations() {
    let mut history = vec![
        put(1, "a", 0, 100),
        put(2, "b", 10, 90),
        get(3, "a", 20, 80),
    ];
    history.push(get(3, "b", 81, 85));
    let data = data_of(&page(&history, &Options::default()));
    let time = |operation: &serde_json::Value, field: &str| -> u64 {
        operation[field].as_str().unwrap().parse().unwrap()
    };
    for operation in data["operations"].as_array().unwrap() {
        let point = time(operation, "point");
        assert!(time(operation, "call") <= point && point <= time(operation, "ret"));
    }
    assert_eq!(data["verdict"], "consistent");
}

#[test]
fn the_key_with_the_most_operations_is_shown_unless_another_is_asked_for() {
    let mut history = vec![put(1, "a", 0, 1), put(1, "b", 2, 3), put(1, "c", 4, 5)];
    history[1].input.key = "other".into();
    let key_of = |options: &Options| data_of(&page(&history, options))["operations"].clone();
    assert_eq!(key_of(&Options::default()).as_array().unwrap().len(), 2);
    let other = Options {
        key: Some("other".into()),
        ..Options::default()
    };
    assert_eq!(key_of(&other)[0]["text"], "put \"other\" \"b\"");
}

#[test]
fn an_undecided_history_says_so_and_an_empty_one_is_shown() {
    let limits = Limits {
        steps: Some(0),
        ..Limits::none()
    };
    let history = [put(1, "a", 0, 9), put(2, "b", 0, 9), get(3, "a", 10, 11)];
    let report = check(&KeyValue, &history, None, &limits);
    let unknown = html(&KeyValue, &history, &report, &Options::default());
    assert_eq!(data_of(&unknown)["verdict"], "unknown");
    let empty = data_of(&page(&[], &Options::default()));
    assert_eq!(empty["operations"], serde_json::json!([]));
}

#[test]
fn a_picture_stays_below_2_mb_whatever_the_history() {
    // The worst letters: six bytes each once they are escaped.
    let long = "<".repeat(5_000);
    let end = u64::MAX - 100;
    let mut history: Vec<KvOperation> = (0..5_000)
        .map(|time| (time, end - 20_000 + 3 * time))
        .map(|(time, call)| put(u64::MAX - time, &format!("{time}{long}"), call, call + 5))
        .collect();
    history.push(get(7, &format!("nothing{long}"), end - 1_000, end));
    let band = Band {
        name: long.clone(),
        detail: long.clone(),
        from: 0,
        until: None,
    };
    let options = Options {
        title: long,
        bands: vec![band; 1_000],
        ..Options::default()
    };
    let page = page(&history, &options);
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    let data = data_of(&page);
    assert!(
        data["operations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|operation| operation["culprit"] == true)
    );
}

#[test]
fn the_same_arguments_give_the_same_page() {
    let history = [put(1, "a", 0, 1), put(1, "b", 2, 3), get(2, "a", 4, 5)];
    assert_eq!(
        page(&history, &Options::default()),
        page(&history, &Options::default())
    );
}

#[test]
fn what_is_left_out_is_counted() {
    let mut history = vec![put(1, "first", 0, 0)];
    history.extend((1..5_000).map(|time| put(2, &time.to_string(), 10 * time, 10 * time + 1)));
    history.push(get(3, "first", 50_000, 50_001));
    let data = data_of(&page(&history, &Options::default()));
    let shown = data["operations"].as_array().unwrap();
    let left_out: u64 = data["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| gap["count"].as_u64().unwrap())
        .sum();
    assert_eq!(shown.len() as u64 + left_out, 5_001);
    assert_eq!(shown[0]["role"], "source");
}
