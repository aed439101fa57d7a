//! Every schedule of a few commands, which clients ask for by name.

use lock_service::LockService;
use omnisim::explore::{Explored, Limits, Progress};
use omnisim::scenario::{Milestone, Scenario};
use omnisim::search::Testable;
use omnisim::units::KeyError;

fn explored(does: &str) -> Result<Explored, KeyError> {
    let text = format!(
        "[cluster]\nsystem = \"lock_service\"\n[model]\nattempts = 1\nattempts_at = [1]\n\
         clients = [{{ at = 1, does = {does} }}]\n"
    );
    let scenario = Scenario::parse("locks", &text).unwrap_or_else(|error| panic!("{error}"));
    LockService::RUNNER.explore(&scenario, &Limits::default(), &mut |_: Progress| {})
}

fn missing(does: &str) -> Vec<Milestone> {
    let explored = explored(does).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((explored.violation, explored.flaw), (None, None));
    assert!(explored.complete);
    explored.missing
}

#[test]
fn a_client_acquires_and_releases_by_name() {
    assert_eq!(missing(r#"["acquire", "release"]"#), []);
}

#[test]
fn a_search_in_which_nothing_changes_proves_nothing() {
    assert_eq!(missing(r#"["release", "holder"]"#), [Milestone::Change]);
}

#[test]
fn an_operation_that_there_is_not_is_refused_with_all_that_there_are() {
    let error = explored(r#"["steal"]"#).expect_err("nobody can steal");
    assert_eq!(error.key, "model.clients");
    let all = "\"steal\" is no operation of this system's clients: \
               they can write, read, acquire, release, holder";
    assert_eq!(error.message, all);
}
