//! Invented viewers. The demo knows the first of them too.

/// The names that viewers have; the second round of them gets numbers.
pub(crate) const NAMES: [&str; 20] = [
    "MossyGolem",
    "Pippa_Reads",
    "quietowl",
    "Dicegoblin",
    "Anselm",
    "TeaAndTraps",
    "Juno_77",
    "rustymace",
    "Wilhelmina",
    "badger_bard",
    "NinaNope",
    "CritterFan",
    "oldlantern",
    "SirLagsalot",
    "Marisol",
    "foxglove",
    "Bramblewick",
    "HexAndSpell",
    "Tomasz",
    "luckyseven",
];

/// How many rounds of names there are.
const ROUNDS: usize = 1_000;

/// Somebody who watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// The name as the viewer writes it.
    pub(super) name: String,
}

impl Viewer {
    fn number(index: usize) -> Self {
        let (round, name) = (index / NAMES.len() % ROUNDS, NAMES[index % NAMES.len()]);
        let name = if round == 0 { name.to_owned() } else { format!("{name}{}", round + 1) };
        Self { name }
    }

    /// Twitch's logins are lower case.
    pub(super) fn login(&self) -> String {
        self.name.to_lowercase()
    }
}

/// That many different viewers: the same ones each time.
pub(crate) fn audience(count: usize) -> Vec<Viewer> {
    (0..count).map(Viewer::number).collect()
}

/// That many different viewers of whom hardly one has clicked before. `chance` is any number.
pub(crate) fn fresh_audience(count: usize, chance: u32) -> Vec<Viewer> {
    let first = usize::try_from(chance).unwrap_or_default() % (ROUNDS * NAMES.len());
    (first..first + count).map(Viewer::number).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn viewers_are_different_people_with_logins_that_twitch_would_take() {
        for viewers in [audience(200), fresh_audience(200, u32::MAX), fresh_audience(200, 19_990)] {
            let logins: BTreeSet<String> = viewers.iter().map(Viewer::login).collect();
            assert_eq!(logins.len(), 200);
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            for login in logins {
                assert!(login.len() <= 25 && login.chars().all(is_plain), "{login}");
            }
        }
    }
}
