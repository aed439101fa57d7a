//! The picture in a real browser, without a screen: it draws, it reads well in light and dark,
//! it obeys keys and pointers, and nothing in a history runs.
//!
//! Without a Chromium (the variable `CHROMIUM`, or one on the `PATH`) these tests say that they
//! did nothing.

mod picture {
    pub(crate) mod browser;
    pub(crate) mod chromium;
    pub(crate) mod histories;
}

use knossos::models::kv::KeyValue;
use knossos::picture::{Band, Options, html};
use knossos::{Limits, OperationOf, check};
use serde_json::Value;

use picture::browser::{Scheme, probe};
use picture::histories::{self, EVIL};

/// The page of a history, with a band.
fn page(history: &[OperationOf<KeyValue>], limits: &Limits) -> String {
    let report = check(&KeyValue, history, None, limits);
    let options = Options {
        title: EVIL.into(),
        bands: vec![Band {
            name: format!("partition {EVIL}"),
            detail: EVIL.into(),
            from: 15,
            until: Some(45),
        }],
        ..Options::default()
    };
    html(&KeyValue, history, &report, &options)
}

/// Holds of every page, in each light and width; what the last look saw.
fn is_sound(name: &str, page: &str, looks: &[(Scheme, u32)]) -> Option<Value> {
    let mut last = None;
    for (scheme, width) in looks.iter().copied() {
        let seen = probe(name, page, scheme, width)?;
        let context = format!("{name}, {scheme:?}, {width}: {seen:#}");
        assert_eq!(seen["error"], Value::Null, "{context}");
        assert_eq!(
            seen["ran"], false,
            "something of the history ran: {context}"
        );
        assert_eq!(seen["dark"], scheme == Scheme::Dark, "{context}");
        assert_eq!(seen["overflows"], false, "{context}");
        assert_eq!(seen["nameless"], 0, "a control has no name: {context}");
        assert_eq!(seen["requests"], 0, "something was asked for: {context}");
        let contrasts = seen["contrasts"].as_object().expect("contrasts are told");
        assert!(contrasts.len() >= 4, "{context}");
        for (what, contrast) in contrasts {
            assert!(
                contrast.as_f64() >= Some(4.5),
                "{what} is hard to read: {context}"
            );
        }
        last = Some(seen);
    }
    last
}

#[test]
fn a_violation_is_drawn_and_obeys_keys_and_pointers() {
    let history = histories::stale_read();
    let page = page(&history, &Limits::none());
    let Some(seen) = is_sound(
        "stale",
        &page,
        &[
            (Scheme::Light, 1280),
            (Scheme::Dark, 1280),
            (Scheme::Dark, 500),
        ],
    ) else {
        return;
    };
    assert_eq!(seen["drawn"], history.len(), "{seen:#}");
    assert_eq!(seen["core"], 2, "{seen:#}");
    assert_eq!(seen["stops"], true, "{seen:#}");
    assert_eq!(seen["headline"], "Not linearizable stale read");
    let title = seen["title"].as_str().unwrap();
    assert!(
        title.contains("</script><script>"),
        "told as it is: {seen:#}"
    );
    for change in [
        "zoomed", "panned", "selected", "searched", "scaled", "dragged", "pinched", "tabled",
    ] {
        assert_eq!(seen[change], true, "{change}: {seen:#}");
    }
}

#[test]
fn a_consistent_history_is_drawn_with_its_order() {
    let page = page(&histories::consistent(), &Limits::none());
    let Some(seen) = is_sound("consistent", &page, &[(Scheme::Dark, 1280)]) else {
        return;
    };
    assert_eq!(seen["headline"], "Linearizable");
    assert!(seen["points"].as_u64() > Some(0), "{seen:#}");
}

#[test]
fn an_empty_and_an_undecided_history_are_drawn() {
    let empty = page(&[], &Limits::none());
    if let Some(seen) = is_sound("empty", &empty, &[(Scheme::Light, 500)]) {
        assert_eq!(seen["drawn"], 0, "{seen:#}");
    }
    let none = Limits {
        steps: Some(0),
        ..Limits::none()
    };
    let undecided = page(&histories::consistent(), &none);
    if let Some(seen) = is_sound("undecided", &undecided, &[(Scheme::Dark, 500)]) {
        assert_eq!(seen["headline"], "Unknown");
    }
}

#[test]
fn a_large_history_with_many_clients_is_drawn() {
    let history = histories::large();
    let page = page(&history, &Limits::none());
    let Some(seen) = is_sound("large", &page, &[(Scheme::Light, 1280)]) else {
        return;
    };
    assert_eq!(seen["core"], 2, "{seen:#}");
    assert!(seen["drawn"].as_u64() > Some(20), "{seen:#}");
}

#[test]
fn a_page_in_which_something_runs_or_is_hard_to_read_is_noticed() {
    let page = page(&histories::consistent(), &Limits::none());
    let bad = page
        .replace("<main>", "<script>window.ran = true</script><main>")
        .replace("--ink: #1d2129", "--ink: #c8c8c8");
    if let Some(seen) = probe("planted", &bad, Scheme::Light, 1280) {
        assert_eq!(seen["ran"], true, "{seen:#}");
        assert!(
            seen["contrasts"]["message"].as_f64() < Some(4.5),
            "{seen:#}"
        );
    }
}
