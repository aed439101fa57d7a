//! A state of the whole system: one state per replica, what is on the links,
//! what the clients know, what was decided, and what may still happen.

use super::action::What;
use super::asked::Asked;
use super::broken::Broken;
use super::decided::Decided;
use super::step::{Input, LocalId, MessageId};
use crate::scenario::ModelOptions;

/// Stands on a link for the news of a new session after one that broke; what
/// comes after it belongs to the new session.
pub(super) const SESSION_UP: MessageId = MessageId::MAX;
/// The same after a session that ended with the process at one of its ends.
pub(super) const SESSION_UP_AFTER_CRASH: MessageId = MessageId::MAX - 1;

/// Whether it is news of a session, and no message.
pub(super) fn is_news(message: MessageId) -> bool {
    message >= SESSION_UP_AFTER_CRASH
}

/// How many messages are lost with broken sessions if the news at `place` of a
/// link come next. What is lost with a crash costs nothing.
pub(super) fn skipped(link: &[MessageId], place: usize) -> usize {
    let before = link[..place].iter().enumerate();
    let lost = before.filter(|(earlier, message)| {
        let mut later = link[*earlier..].iter();
        !is_news(**message) && later.find(|message| is_news(**message)) == Some(&SESSION_UP)
    });
    lost.count()
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) locals: Vec<LocalId>,
    /// From each replica to each, in the order of (from, to).
    pub(super) links: Vec<Vec<MessageId>>,
    pub(super) commands: Vec<Command>,
    /// What was decided so far.
    pub(super) agreed: Decided,
    /// The pairs of replicas whose link is cut, one bit each.
    pub(super) cut: u32,
    pub(super) left: Left,
    pub(super) broken: Option<Broken>,
}

/// How far a client's command has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Command {
    /// How often it was asked.
    pub(super) asked: u8,
    /// The commands that had been answered when it was asked first, one bit each.
    pub(super) after: u16,
    pub(super) output: Option<u32>,
}

/// What may still happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Left {
    pub(super) attempts: u8,
    pub(super) ticks: u8,
    pub(super) time: u8,
    pub(super) crashes: u8,
    pub(super) unsynced: u8,
    pub(super) breaks: u8,
    pub(super) cuts: u8,
    pub(super) losses: u8,
    pub(super) duplicates: u8,
    pub(super) reorders: u8,
    pub(super) retries: u8,
}

impl Left {
    /// All that the bounds allow.
    pub(super) fn of(model: &ModelOptions) -> Self {
        Self {
            attempts: model.attempts,
            ticks: model.ticks,
            time: model.time,
            crashes: model.crashes,
            unsynced: model.unsynced,
            breaks: model.breaks,
            cuts: model.cuts,
            losses: model.losses,
            duplicates: model.duplicates,
            reorders: model.reorders,
            retries: model.retries,
        }
    }
}

impl State {
    pub(super) fn replicas(&self) -> usize {
        self.locals.len()
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let links = self.links.iter().map(Vec::capacity).sum::<usize>() * size_of::<MessageId>();
        size_of::<Self>()
            + links
            + self.links.capacity() * size_of::<Vec<MessageId>>()
            + self.locals.capacity() * size_of::<LocalId>()
            + self.commands.capacity() * size_of::<Command>()
            + self.agreed.bytes()
    }

    /// The place of a link; replicas are counted from 0 on.
    pub(super) fn link(&self, from: usize, to: usize) -> usize {
        from * self.replicas() + to
    }

    /// Whether a replica has not yet been told of its new session with a peer:
    /// what it sends until then is lost.
    pub(super) fn is_untold(&self, replica: usize, peer: usize) -> bool {
        let link = &self.links[self.link(peer, replica)];
        link.iter().any(|message| is_news(*message))
    }

    /// Whether the link of two replicas is cut; they are counted from 0 on.
    pub(super) fn is_cut(&self, one: usize, other: usize) -> bool {
        one != other && self.cut & pair(self.replicas(), one, other) != 0
    }

    /// Who takes what, where a handler runs.
    pub(super) fn input(&self, what: What) -> Option<(usize, Input)> {
        let (replica, input) = match what {
            What::Deliver {
                from, to, place, ..
            } => {
                let link = &self.links[self.link(from.into(), to.into())];
                match link[usize::from(place)] {
                    message if is_news(message) => (to, Input::SessionUp(from + 1)),
                    message => (to, Input::Message(message)),
                }
            }
            What::Ask { operation, replica } => {
                let attempt = self.commands[usize::from(operation)].asked + 1;
                (replica, Input::Request { operation, attempt })
            }
            What::Attempt { replica } => (replica, Input::Attempt),
            What::Timer { replica, timer } => (replica, Input::Timer(timer)),
            What::Crash { replica } => (replica, Input::Crash),
            What::Restart { replica, lost } => (replica, Input::Start { lost }),
            What::Lose { .. }
            | What::Break { .. }
            | What::Cut { .. }
            | What::Heal { .. }
            | What::Time
            | What::Settle => return None,
        };
        Some((usize::from(replica), input))
    }

    /// The commands that were asked.
    pub(super) fn history(&self) -> Vec<Asked> {
        let asked = self.commands.iter().enumerate();
        asked
            .filter(|(_, command)| command.asked > 0)
            .map(|(operation, command)| Asked {
                operation: operation as u8,
                after: command.after,
                output: command.output,
            })
            .collect()
    }

    /// The commands that were answered, one bit each.
    pub(super) fn answered(&self) -> u16 {
        let answered = self.commands.iter().enumerate();
        answered
            .filter(|(_, command)| command.output.is_some())
            .fold(0, |all, (operation, _)| all | 1 << operation)
    }
}

/// The bit of the link of two replicas.
pub(super) fn pair(replicas: usize, one: usize, other: usize) -> u32 {
    let (low, high) = (one.min(other), one.max(other));
    1 << (low * replicas + high)
}
