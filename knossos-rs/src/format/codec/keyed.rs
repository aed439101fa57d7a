//! Many objects: the codec of one, and a key.

use std::collections::BTreeMap;

use super::{Codec, Line};
use crate::consistency::Consistency;
use crate::format::datum::Datum;
use crate::history::Operation;
use crate::model::OperationOf;
use crate::models::keyed::{Input, Keyed};
use crate::text::Text;

impl<M: Codec> Codec for Keyed<M> {
    fn parse(&self, line: &Line) -> Result<(Self::Input, Option<M::Output>), String> {
        let (input, output) = self.model.parse(line)?;
        let key = line.key.clone();
        Ok((Input { key, input }, output))
    }

    fn render(&self, input: &Self::Input, output: Option<&M::Output>) -> Line {
        Line {
            key: input.key.clone(),
            ..self.model.render(&input.input, output)
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<M::State, String> {
        self.model.parse_state(state)
    }

    fn render_state(&self, state: &M::State) -> Option<Datum> {
        self.model.render_state(state)
    }

    fn is_keyed(&self) -> bool {
        true
    }

    fn has_pairs(&self) -> bool {
        self.has_pairs
    }

    fn is_nil(&self, seen: &Datum) -> bool {
        self.model.is_nil(seen)
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        self.model.knows(op)
    }

    fn describe_history(&mut self, history: &[OperationOf<Self>]) {
        let is_one = |pair: &[OperationOf<Self>]| pair[0].input.key == pair[1].input.key;
        self.hides_keys = history.windows(2).all(is_one);
    }

    fn is_compound(&self, input: &Self::Input) -> bool {
        self.model.is_compound(&input.input)
    }

    fn expand(
        &self,
        history: Vec<OperationOf<Self>>,
        level: Consistency,
    ) -> Vec<OperationOf<Self>> {
        let mut objects: BTreeMap<Option<Text>, Vec<OperationOf<M>>> = BTreeMap::new();
        for operation in history {
            let Input { key, input } = operation.input;
            let (client, output) = (operation.client, operation.output);
            let (call, ret) = (operation.call, operation.ret);
            let own = objects.entry(key).or_default();
            own.push(Operation {
                client,
                input,
                output,
                call,
                ret,
            });
        }
        let expanded = objects.into_iter().flat_map(|(key, own)| {
            let own = self.model.expand(own, level).into_iter();
            own.map(move |operation| {
                let (client, output) = (operation.client, operation.output);
                let (call, ret) = (operation.call, operation.ret);
                let input = Input {
                    key: key.clone(),
                    input: operation.input,
                };
                Operation {
                    client,
                    input,
                    output,
                    call,
                    ret,
                }
            })
        });
        expanded.collect()
    }
}
