//! Histories that several tests of `omnisim check` read.

/// A read of what was written.
pub(crate) const GOOD: &str = r#"{"client":1,"key":"a","op":"put","in":"7","out":{"ok":true},"call":0,"ret":10}
{"client":2,"key":"a","op":"get","in":null,"out":{"value":"7"},"call":20,"ret":30}
"#;

/// A read that missed it.
pub(crate) const STALE: &str = r#"{"client":1,"key":"a","op":"put","in":"7","out":{"ok":true},"call":0,"ret":10}
{"client":2,"key":"a","op":"get","in":null,"out":{"value":null},"call":20,"ret":30}
"#;

/// The same as `GOOD`, as events.
pub(crate) const EDN: &str = "\
{:type :invoke, :f :put, :value [\"a\" 7], :process 1, :time 0}
{:type :ok, :f :put, :value [\"a\" 7], :process 1, :time 10}
{:type :invoke, :f :get, :value [\"a\" nil], :process 2, :time 20}
{:type :ok, :f :get, :value [\"a\" 7], :process 2, :time 30}
";

pub(crate) const KV_LOG: &str = "\
{:process 1, :type :invoke, :f :put, :key \"a\", :value \"7\"}
{:process 1, :type :ok, :f :put, :key \"a\", :value \"7\"}
{:process 2, :type :invoke, :f :get, :key \"a\", :value nil}
{:process 2, :type :ok, :f :get, :key \"a\", :value \"7\"}
";

pub(crate) const LOG: &str = "\
INFO  jepsen.util - 1\t:invoke\t:put\t[a 7]
INFO  jepsen.util - 1\t:ok\t:put\t[a 7]
INFO  jepsen.util - 2\t:invoke\t:get\t[a nil]
INFO  jepsen.util - 2\t:ok\t:get\t[a 7]
";
