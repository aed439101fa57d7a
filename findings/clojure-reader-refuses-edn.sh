#!/usr/bin/env bash
# clojure-reader 0.7.0: does an EDN reader read what the EDN specification has?
#
# Guess: integers with the suffix N, floats with the suffix M and characters such as \u0041 are
# read; at most they lose precision.
# Seen: with the default features, `5N` and `1.5M` are refused (InvalidNumber), a ratio, which is
# no EDN, is read, and so is `007`, as 7. With the feature `arbitrary-nums`, N and M are
# read, and so is `1_000`, which is no EDN either. `\u0041` is refused with and without it.
# What follows: a reader of Jepsen histories has to step over values that it does not need before
# they reach this crate.
#
# Needs: cargo and crates by name. Exits with 1 if the answers differ.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"

cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "reads-edn"
version = "0.0.0"
edition = "2021"

[features]
arbitrary-nums = ["clojure-reader/arbitrary-nums"]

[dependencies]
clojure-reader = "=0.7.0"

[workspace]
TOML

cat > "$folder/src/main.rs" <<'RUST'
fn main() {
    for text in ["5N", "1.5M", r"\u0041", r"\newline", "1/2", "007", "1_000"] {
        let answer = match clojure_reader::edn::read_string(text) {
            Ok(edn) => format!("read as {edn}"),
            Err(error) => format!("refused, {:?}", error.code),
        };
        println!("{text}: {answer}");
    }
}
RUST

run() { cargo run --quiet --manifest-path "$folder/Cargo.toml" "$@"; }
seen=$(printf 'default features\n%s\narbitrary-nums\n%s' "$(run)" "$(run --features arbitrary-nums)")
expected='default features
5N: refused, InvalidNumber
1.5M: refused, InvalidNumber
\u0041: refused, InvalidChar
\newline: read as \newline
1/2: read as 1/2
007: read as 7
1_000: refused, InvalidNumber
arbitrary-nums
5N: read as 5N
1.5M: read as 1.5M
\u0041: refused, InvalidChar
\newline: read as \newline
1/2: read as 1/2
007: read as 7
1_000: read as 1000N'
printf 'clojure-reader 0.7.0, %s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'this differs from what was seen before:\n%s\n' "$expected"; exit 1; }
