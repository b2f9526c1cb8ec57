//! Who is in the story, and its numbers: all of it follows from the seed.

use crate::sandbox::VIEWER_NAMES;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

const CAMPAIGNS: [&str; 4] =
    ["The Sunken Crown", "Ashes of Vell", "Nine Lanterns", "The Hollow Mountain"];
const HEROES: [&str; 6] =
    ["Elda Thornwick", "Brom Halfhand", "Sister Ivo", "Kestrel", "Ghent", "Mirabel"];

/// Who is in the story, and how often people click.
pub(super) struct Cast {
    /// What the campaign is called.
    pub(super) campaign: &'static str,
    /// Whose channel; their logins at the sandbox Twitch, and the character that each plays.
    pub(super) alice: Channel,
    /// The other one.
    pub(super) bob: Channel,
    /// How many clicks the trap for the dice needs.
    pub(super) dice_clicks: usize,
    /// How many clicks the goal that both share needs for each channel.
    pub(super) shared_minimum: usize,
    /// How many of all of them come from alice's channel; the rest come from bob's.
    pub(super) shared_by_alice: usize,
    /// How many clicks come before the GM changes her mind.
    pub(super) cancelled_clicks: usize,
    /// How many clicks the effect needs that the table cannot carry out.
    pub(super) failing_clicks: usize,
    /// How many clicks the hourglass lacks when its time is over.
    pub(super) missing_clicks: usize,
    /// What the dice show before the natural 20.
    pub(super) ordinary_roll: i64,
    /// What is added to each attack.
    pub(super) attack_bonus: i64,
}

/// A channel with its audience.
pub(super) struct Channel {
    /// The streamer's login, also the name in the timeline.
    pub(super) login: &'static str,
    /// The character that the streamer plays.
    pub(super) hero: &'static str,
    /// The character's id at the table.
    pub(super) actor: &'static str,
    /// How many people watch.
    pub(super) audience: u32,
    /// Who of them clicks.
    pub(super) viewers: Vec<&'static str>,
}

impl Cast {
    /// The people and numbers of that seed.
    pub(super) fn of_seed(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut viewers = VIEWER_NAMES;
        viewers.shuffle(&mut random);
        let mut heroes = HEROES;
        heroes.shuffle(&mut random);
        let (of_alice, of_bob) = viewers.split_at(VIEWER_NAMES.len() / 2);
        let channel = |login, actor, hero, audience, viewers: &[&'static str]| Channel {
            login,
            hero,
            actor,
            audience,
            viewers: viewers.to_vec(),
        };
        let shared_minimum = random.random_range(2..=3);
        Self {
            campaign: CAMPAIGNS[random.random_range(0..CAMPAIGNS.len())],
            alice: channel("alice", "actorOfAlice", heroes[0], 40, of_alice),
            bob: channel("bob", "actorOfBob", heroes[1], 25, of_bob),
            dice_clicks: random.random_range(3..=6),
            shared_minimum,
            shared_by_alice: random.random_range(1..2 * shared_minimum),
            cancelled_clicks: random.random_range(1..=3),
            failing_clicks: random.random_range(2..=4),
            missing_clicks: random.random_range(1..=3),
            ordinary_roll: random.random_range(4..=17),
            attack_bonus: random.random_range(2..=7),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cast: &Cast) -> [usize; 5] {
        let Cast { dice_clicks, shared_by_alice, cancelled_clicks, failing_clicks, .. } = cast;
        let clicks = [*dice_clicks, *shared_by_alice, *cancelled_clicks, *failing_clicks];
        [clicks[0], clicks[1], clicks[2], clicks[3], cast.missing_clicks]
    }

    #[test]
    fn the_same_seed_gives_the_same_story() {
        let (once, again) = (Cast::of_seed(7), Cast::of_seed(7));
        assert_eq!(numbers(&once), numbers(&again));
        assert_eq!(once.alice.viewers, again.alice.viewers);
    }

    #[test]
    fn seeds_differ() {
        let stories: std::collections::BTreeSet<_> =
            (0..50).map(|seed| numbers(&Cast::of_seed(seed))).collect();
        assert!(stories.len() > 25, "{} different ones", stories.len());
    }
}
