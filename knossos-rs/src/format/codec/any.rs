//! The codec of an object whose kind is chosen while the program runs: that of its kind.

use super::{Codec, Line};
use crate::consistency::Consistency;
use crate::format::datum::Datum;
use crate::history::Operation;
use crate::model::OperationOf;
use crate::models::any::{Input, Kind, Object, Output, State, with_known};

fn parse<K: Kind + Codec>(kind: &K, line: &Line) -> Result<(Input, Option<Output>), String> {
    let (input, output) = kind.parse(line)?;
    Ok((K::any_input(input), output.map(K::any_output)))
}

fn render<K: Kind + Codec>(kind: &K, input: &Input, output: Option<&Output>) -> Line {
    kind.render(K::input(input), output.map(K::output))
}

fn parse_state<K: Kind + Codec>(kind: &K, state: &Datum) -> Result<State, String> {
    kind.parse_state(state).map(K::any_state)
}

fn render_state<K: Kind + Codec>(kind: &K, state: &State) -> Option<Datum> {
    kind.render_state(K::state(state))
}

fn is_compound<K: Kind + Codec>(kind: &K, input: &Input) -> bool {
    kind.is_compound(K::input(input))
}

fn expand<K: Kind + Codec>(
    kind: &K,
    history: Vec<OperationOf<Object>>,
    level: Consistency,
) -> Vec<OperationOf<Object>> {
    if !history
        .iter()
        .any(|operation| is_compound(kind, &operation.input))
    {
        return history;
    }
    let own = K::own(&history.iter().collect::<Vec<_>>());
    let expanded = kind
        .expand(own, level)
        .into_iter()
        .map(|operation| Operation {
            client: operation.client,
            input: K::any_input(operation.input),
            output: operation.output.map(K::any_output),
            call: operation.call,
            ret: operation.ret,
        });
    expanded.collect()
}

impl Codec for Object {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        with_known!(self, kind => parse(kind, line))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        with_known!(self, kind => render(kind, input, output))
    }

    fn is_keyed(&self) -> bool {
        with_known!(self, kind => kind.is_keyed())
    }

    fn has_pairs(&self) -> bool {
        with_known!(self, kind => kind.has_pairs())
    }

    fn is_nil(&self, seen: &Datum) -> bool {
        with_known!(self, kind => kind.is_nil(seen))
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        with_known!(self, kind => kind.knows(op))
    }

    fn parse_state(&self, state: &Datum) -> Result<State, String> {
        with_known!(self, kind => parse_state(kind, state))
    }

    fn render_state(&self, state: &State) -> Option<Datum> {
        with_known!(self, kind => render_state(kind, state))
    }

    fn is_compound(&self, input: &Input) -> bool {
        with_known!(self, kind => is_compound(kind, input))
    }

    fn expand(
        &self,
        history: Vec<OperationOf<Self>>,
        level: Consistency,
    ) -> Vec<OperationOf<Self>> {
        with_known!(self, kind => expand(kind, history, level))
    }
}
