/// What a `combat:*` event says about whether a combat runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CombatSign {
    /// It runs.
    Running,
    /// It ended, or only the scene changed: a sign of life may follow within seconds.
    Ended,
    /// Nothing: combatants come and go before and after a combat too.
    Nothing,
}

impl CombatSign {
    /// The events that are understood.
    pub const EVENTS: [&str; 8] = [
        "combat:start",
        "combat:sync",
        "combat:turn",
        "combat:round",
        "combat:end",
        "combat:combatant-add",
        "combat:combatant-remove",
        "combat:combatant-defeated",
    ];

    /// What that event says.
    #[must_use]
    pub fn of(event: &str) -> Self {
        match event {
            "combat:start" | "combat:sync" | "combat:turn" | "combat:round" => Self::Running,
            "combat:end" => Self::Ended,
            _ => Self::Nothing,
        }
    }
}
