//! Which socket acts for a world. Pure.

use crate::ids::SocketId;
use crate::time::Timestamp;
use crate::vtt::{ActingSocket, ClientKind, PRESENCE_SECONDS};

/// How well a socket can act for its world; the greatest is elected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fitness {
    /// A client that did not introduce itself: it confirms nothing and remembers nothing.
    Plain,
    /// Our module, at a GM who is not the active one: it passes commands by.
    OurModule,
    /// Our module, at the VTT's active GM.
    ActiveGm,
}

impl Fitness {
    /// Whether the client remembers command ids, so that a command may be sent again.
    #[must_use]
    pub const fn remembers_commands(self) -> bool {
        !matches!(self, Self::Plain)
    }

    /// Which program the client is.
    #[must_use]
    pub const fn kind(self) -> ClientKind {
        match self {
            Self::Plain => ClientKind::Published,
            Self::OurModule | Self::ActiveGm => ClientKind::OurModule,
        }
    }
}

/// A live socket that can act for its world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSocket {
    /// The node that holds it.
    pub node: String,
    /// The socket.
    pub socket: SocketId,
    /// How well it can act.
    pub fitness: Fitness,
    /// What it can do beyond the published module's commands.
    pub features: Vec<String>,
}

/// Who acts for the world from now on. The holder keeps its lease while it lasts, unless a fitter
/// socket may take over; a new socket has a new epoch.
///
/// The stored lease does not tell our module's two fitnesses apart, so a holder counts as the
/// lesser one: there is only one active GM, and whoever says that it is the one shall have it.
pub(super) fn elect(
    holder: Option<ActingSocket>,
    candidate: &TableSocket,
    may_take_over: bool,
    now: Timestamp,
) -> ActingSocket {
    let mut epoch = holder.as_ref().map_or(0, |holder| holder.epoch);
    match holder {
        Some(holder) if holder.socket == candidate.socket => {}
        Some(holder) if holder.until > now && !(may_take_over && is_fitter(candidate, &holder)) => {
            return holder;
        }
        _ => epoch += 1,
    }
    ActingSocket {
        node: candidate.node.clone(),
        socket: candidate.socket.clone(),
        epoch,
        remembers_commands: candidate.fitness.remembers_commands(),
        features: candidate.features.clone(),
        until: now.plus_seconds(PRESENCE_SECONDS),
    }
}

fn is_fitter(candidate: &TableSocket, holder: &ActingSocket) -> bool {
    let held = if holder.remembers_commands { Fitness::OurModule } else { Fitness::Plain };
    candidate.fitness > held
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn candidate(socket: &str, fitness: Fitness) -> TableSocket {
        TableSocket {
            node: "node".to_owned(),
            socket: socket.into(),
            fitness,
            features: Vec::new(),
        }
    }

    fn elected(socket: &str, fitness: Fitness) -> ActingSocket {
        elect(None, &candidate(socket, fitness), true, NOW)
    }

    #[test]
    fn the_first_socket_is_elected() {
        let acting = elected("a", Fitness::Plain);
        assert_eq!((acting.socket.as_str(), acting.epoch), ("a", 1));
        assert_eq!(acting.until, NOW.plus_seconds(30));
    }

    #[test]
    fn the_holder_keeps_its_epoch_when_it_renews() {
        let later = NOW.plus_seconds(10);
        let again = candidate("a", Fitness::Plain);
        let acting = elect(Some(elected("a", Fitness::Plain)), &again, false, later);
        assert_eq!((acting.epoch, acting.until), (1, later.plus_seconds(30)));
    }

    #[test]
    fn only_a_fitter_socket_that_may_takes_over() {
        use Fitness::{ActiveGm, OurModule, Plain};
        for (held, offered, may_take_over, expected) in [
            (Plain, Plain, true, "a"),
            (Plain, OurModule, true, "b"),
            (Plain, OurModule, false, "a"),
            (OurModule, OurModule, true, "a"),
            (OurModule, ActiveGm, true, "b"),
            (ActiveGm, Plain, true, "a"),
        ] {
            let acting = elect(
                Some(elected("a", held)),
                &candidate("b", offered),
                may_take_over,
                NOW.plus_seconds(1),
            );
            assert_eq!(acting.socket.as_str(), expected, "{held:?} {offered:?} {may_take_over}");
            assert_eq!(acting.epoch, if expected == "a" { 1 } else { 2 });
        }
    }

    #[test]
    fn a_lease_that_ran_out_is_anybodys() {
        let late = NOW.plus_seconds(30);
        let holder = elected("a", Fitness::ActiveGm);
        let acting = elect(Some(holder), &candidate("b", Fitness::Plain), false, late);
        assert_eq!((acting.socket.as_str(), acting.epoch), ("b", 2));
    }
}
