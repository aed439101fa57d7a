//! The replica: a holder or a forwarder, told by its number.

use std::collections::BTreeMap;

use knossos::Text;
use knossos::models::register::{Input, Output};
use omnisim::observation::content_digest;
use omnisim::prelude::*;

use crate::options::{Bug, Options};
use crate::packet::Packet;
use crate::{HOLDER, HOLDER_ROLE};

/// Fires when a forwarder has waited for long enough.
const ASK_AGAIN: TimerId = TimerId(0);

/// One replica of the register.
#[derive(Debug)]
pub enum SingleCopy {
    /// It has the value.
    Holder(Holder),
    /// It asks who has.
    Forwarder(Forwarder),
}

/// The replica that has the value.
#[derive(Debug, Default)]
pub struct Holder {
    value: Option<Text>,
    /// What was answered: the same request may arrive along two ways.
    answered: BTreeMap<RequestId, Output>,
    forgets: bool,
}

/// A replica that forwards what it is asked.
#[derive(Debug)]
pub struct Forwarder {
    /// What was forwarded and is not yet answered.
    open: BTreeMap<RequestId, Request<Input>>,
    ask_again: Option<Duration>,
    /// The last value that it saw, where it wrongly answers with it.
    cached: Option<Output>,
    caches: bool,
}

impl Replica for SingleCopy {
    type Message = Packet;
    type Command = Input;
    type Output = Output;
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = Options;

    fn start(options: &Options, _: NoDisk<()>, context: &mut Context<'_, Self>) -> Self {
        if context.me() == HOLDER {
            context.observe(|| Observation::Role(HOLDER_ROLE));
            return Self::Holder(Holder {
                forgets: options.planted == Some(Bug::ForgetfulHolder),
                ..Holder::default()
            });
        }
        Self::Forwarder(Forwarder {
            open: BTreeMap::new(),
            ask_again: options.ask_again.map(|time| time.0),
            cached: None,
            caches: options.planted == Some(Bug::StaleForwarder),
        })
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match self {
            Self::Holder(holder) => holder.handle(event, context),
            Self::Forwarder(forwarder) => forwarder.handle(event, context),
        }
    }
}

impl Holder {
    fn handle(&mut self, event: Event<SingleCopy>, context: &mut Context<'_, SingleCopy>) {
        match event {
            Event::Request(request) => {
                let reply = self.answer(&request, context);
                give(reply, context);
            }
            Event::Message {
                from,
                message: Packet::Ask(request),
            } => {
                let reply = self.answer(&request, context);
                context.send(from, Packet::Answer(reply));
            }
            Event::Message {
                message: Packet::Answer(_),
                ..
            } => unreachable!("nobody else answers"),
            Event::Timer { .. } => unreachable!("the holder sets no timer"),
            Event::SessionUp(_) | Event::SessionLost(_) | Event::Stop => {}
            Event::Operator(action) => match action {},
        }
    }

    /// Executes a request, once.
    fn answer(
        &mut self,
        request: &Request<Input>,
        context: &mut Context<'_, SingleCopy>,
    ) -> Reply<Output> {
        let known = self.answered.get(&request.id);
        context.deviates_if(self.forgets && known.is_some());
        let output = match known.filter(|_| !self.forgets) {
            Some(output) => output.clone(),
            None => self.execute(&request.command),
        };
        self.answered.insert(request.id, output.clone());
        reply(request, output)
    }

    fn execute(&mut self, command: &Input) -> Output {
        match command {
            Input::Read => return Output::Value(self.value.clone()),
            Input::Write(text) => self.value = Some(text.clone()),
            Input::Clear => self.value = None,
        }
        Output::Done
    }
}

impl Forwarder {
    fn handle(&mut self, event: Event<SingleCopy>, context: &mut Context<'_, SingleCopy>) {
        match event {
            Event::Request(request) => self.asked(request, context),
            Event::Message {
                message: Packet::Answer(reply),
                ..
            } => self.answered(reply, context),
            Event::Message {
                message: Packet::Ask(_),
                ..
            } => unreachable!("only the holder is asked"),
            // What was on its way when the session broke, or for too long, may be lost.
            Event::SessionUp(HOLDER) | Event::Timer { .. } => self.ask(context),
            Event::SessionUp(_) | Event::SessionLost(_) | Event::Stop => {}
            Event::Operator(action) => match action {},
        }
    }

    fn asked(&mut self, request: Request<Input>, context: &mut Context<'_, SingleCopy>) {
        let cached = self.cached.clone();
        if let Some(output) = cached.filter(|_| request.command == Input::Read) {
            context.deviates_if(true);
            give(reply(&request, output), context);
            return;
        }
        context.send(HOLDER, Packet::Ask(request.clone()));
        if let (Some(after), true) = (self.ask_again, self.open.is_empty()) {
            context.set_timer(ASK_AGAIN, after);
        }
        self.open.insert(request.id, request);
    }

    /// Answers a client; not again, if the holder was asked twice.
    fn answered(&mut self, reply: Reply<Output>, context: &mut Context<'_, SingleCopy>) {
        if self.open.remove(&reply.id).is_none() {
            return;
        }
        if self.caches && matches!(reply.output, Output::Value(_)) {
            self.cached = Some(reply.output.clone());
        }
        give(reply, context);
    }

    /// Asks everything that is open again.
    fn ask(&self, context: &mut Context<'_, SingleCopy>) {
        for request in self.open.values() {
            context.send(HOLDER, Packet::Ask(request.clone()));
        }
        if let Some(after) = self.ask_again.filter(|_| !self.open.is_empty()) {
            context.set_timer(ASK_AGAIN, after);
        }
    }
}

/// Answers a client, and tells those who check what clients hear.
fn give(reply: Reply<Output>, context: &mut Context<'_, SingleCopy>) {
    context.observe(|| Observation::Replied {
        request: reply.id,
        attempt: reply.attempt,
        position: None,
        reply: content_digest(&reply.output),
    });
    context.reply(reply);
}

fn reply(request: &Request<Input>, output: Output) -> Reply<Output> {
    Reply {
        id: request.id,
        attempt: request.attempt,
        position: None,
        output,
    }
}
