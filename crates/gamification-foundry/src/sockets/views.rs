//! Which combat each client shows. A client that goes to another scene tells that its combat ended;
//! while another client of the world shows it, it has not.

use gamification_core::ids::{ConnectionId, SocketId, VttCombatId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Shown = HashMap<SocketId, VttCombatId>;

/// The combats that the clients on this node show, as they told themselves. It is not kept: a
/// client that comes back tells it again.
#[derive(Default)]
pub(super) struct Views(Mutex<HashMap<ConnectionId, Shown>>);

impl Views {
    /// That client shows that combat, and no other.
    pub(super) fn show(&self, connection: ConnectionId, socket: &SocketId, combat: &VttCombatId) {
        self.shown().entry(connection).or_default().insert(socket.clone(), combat.clone());
    }

    /// That client shows that combat no longer; whether no other client shows it.
    pub(super) fn turn_away(
        &self,
        connection: ConnectionId,
        socket: &SocketId,
        combat: &VttCombatId,
    ) -> bool {
        let mut shown = self.shown();
        let Some(of_world) = shown.get_mut(&connection) else { return true };
        of_world.retain(|shows, shown| shows != socket || shown != combat);
        of_world.values().all(|shown| shown != combat)
    }

    /// Whether no other client shows another combat than that one.
    pub(super) fn is_alone_with(
        &self,
        connection: ConnectionId,
        socket: &SocketId,
        combat: &VttCombatId,
    ) -> bool {
        let shown = self.shown();
        let mut others = shown.get(&connection).into_iter().flatten();
        others.all(|(shows, shown)| shows == socket || shown == combat)
    }

    /// That client is gone.
    pub(super) fn leave(&self, connection: ConnectionId, socket: &SocketId) {
        let mut shown = self.shown();
        if let Some(of_world) = shown.get_mut(&connection) {
            of_world.remove(socket);
            if of_world.is_empty() {
                shown.remove(&connection);
            }
        }
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<ConnectionId, Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_combat_that_another_client_shows_goes_on() {
        let (views, world) = (Views::default(), ConnectionId(Uuid::from_u128(1)));
        let (one, other) = (SocketId::from("one"), SocketId::from("other"));
        let (fight, brawl) = (VttCombatId::from("fight"), VttCombatId::from("brawl"));
        assert!(views.turn_away(world, &one, &fight), "nobody shows anything");
        views.show(world, &one, &fight);
        views.show(world, &other, &fight);
        assert!(!views.turn_away(world, &one, &fight));
        assert!(views.turn_away(world, &one, &brawl));
        views.show(world, &one, &fight);
        views.show(world, &other, &brawl);
        assert!(
            !views.is_alone_with(world, &one, &fight) && views.is_alone_with(world, &one, &brawl)
        );
        assert!(views.turn_away(world, &one, &fight), "the other one shows something else");
        views.show(world, &one, &brawl);
        views.leave(world, &one);
        assert!(views.turn_away(world, &other, &brawl), "who is gone shows nothing");
    }
}
