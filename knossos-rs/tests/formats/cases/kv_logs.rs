//! Key-value logs.

use knossos::format::{Format, read};
use knossos::models::kv::KeyValue;

use super::history;

#[test]
fn a_key_value_log_begins_with_the_empty_string_and_knows_no_absent_key() {
    let text = "{:process 0, :type :invoke, :f :append, :key \"x\", :value \"\"}
                {:process 0, :type :ok, :f :append, :key \"x\", :value \"\"}
                {:process 1, :type :invoke, :f :get, :key \"x\", :value nil}
                {:process 1, :type :ok, :f :get, :key \"x\", :value nil}
                {:process 1, :type :invoke, :f :cas, :key \"x\", :value [nil \"7\"]}
                {:process 1, :type :ok, :f :cas, :key \"x\", :value [nil \"7\"]}
                {:process 1, :type :invoke, :f :delete, :key \"x\", :value nil}
                {:process 1, :type :ok, :f :delete, :key \"x\", :value nil}";
    let contents = read(&KeyValue, text.as_bytes(), None).unwrap();
    assert_eq!(contents.format, Format::KvLog);
    assert_eq!(contents.begins_with.as_deref(), Some(""));
    use knossos::Model;
    let words: Vec<_> = contents
        .operations
        .iter()
        .map(|operation| KeyValue.describe(&operation.input, operation.output.as_ref()))
        .collect();
    assert!(
        words.iter().all(|words| words.contains("\"\"")),
        "{words:?}"
    );
    assert_eq!(
        history("{:process 0, :type :invoke, :f :read}").begins_with,
        None
    );
}

#[test]
fn a_key_value_log_is_one_whatever_comes_first() {
    let get = "{:process 0, :type :invoke, :f :get, :key \"x\", :value nil}";
    let nemesis = "{:process :nemesis, :type :info, :f :start, :value nil}";
    for text in [
        get.to_owned(),
        format!("{nemesis}\n{get}"),
        format!("{}\n{get}", vec![nemesis; 100].join(" ")),
        get.replace(' ', "\t"),
        get.replace(":value nil", ":value {:a 1}, :b {}"),
        "{:value {:a 1}, :process 0, :type :invoke, :f :get, :key \"x\"}".to_owned(),
    ] {
        assert_eq!(Format::of(text.as_bytes()), Some(Format::KvLog), "{text}");
    }
}
