//! Trying things out with the sandbox Twitch, by the real way: viewers redeem at Twitch, and tables
//! roll at their socket. What comes of it is found out like everything else.

use crate::practice_table::{PracticeRoll, Throw};
use crate::problem::Problem;
use crate::sandbox::{Click, SandboxControl, Viewer, audience, fresh_audience};
use crate::services::Services;
use gamification_core::access::Actor;
use gamification_core::campaign::Character;
use gamification_core::ids::{CampaignId, CharacterId, EventId, StreamerId};
use gamification_core::instance::InstanceStatus;
use gamification_core::ports::Queries;
use std::collections::BTreeMap;

/// The most clicks of one call.
pub(crate) const CLICKS_MAX: u32 = 200;
/// How many viewers click when nobody says.
const VIEWERS_DEFAULT: u32 = 20;
const FORMULA_DEFAULT: &str = "1d20";
/// A critical of most systems.
const RESULT_DEFAULT: i64 = 20;

/// Clicks that are to be made on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clicks {
    /// Which event's reward is redeemed.
    pub(crate) event: EventId,
    /// On whose channel.
    pub(crate) streamer: StreamerId,
    /// How often, 1 to [`CLICKS_MAX`].
    pub(crate) count: u32,
    /// By how many people, 1 to `count`; as many as make sense when nobody says.
    pub(crate) viewers: Option<u32>,
}

/// What Twitch made of clicks. What the rules make of those that were sent is in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Clicked {
    /// How many Twitch took.
    pub(crate) sent: u32,
    /// How many it refused, by its reason.
    pub(crate) refused: BTreeMap<String, u32>,
}

/// A roll that is to be made at the practice table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RollWish {
    /// `1d20` when nobody says.
    pub(crate) formula: Option<String>,
    /// What the first die shows; 20 when nobody says.
    pub(crate) result: Option<i64>,
    /// Who rolls; when nobody says, whose goal waits for a roll, or else the first.
    pub(crate) character: Option<CharacterId>,
    /// Whether only the game master sees it.
    pub(crate) is_hidden: bool,
}

/// The sandbox Twitch.
///
/// # Errors
/// 404 with another Twitch.
pub(crate) fn sandbox(services: &Services) -> Result<&SandboxControl, Problem> {
    services.sandbox.as_deref().ok_or_else(|| Problem::not_found("simulation with this Twitch"))
}

/// Has viewers click on a channel, one after the other. Who may ask is the caller's to check.
///
/// # Errors
/// 404 with another Twitch, 422 for numbers that are too large, 409 when the channel has no reward
/// of that event, 503 when the sandbox does not answer.
pub(crate) async fn click(
    services: &Services,
    campaign: CampaignId,
    clicks: Clicks,
) -> Result<Clicked, Problem> {
    let sandbox = sandbox(services)?;
    check(clicks)?;
    let ports = services.core.ports();
    let reward = reward_of(ports.queries.as_ref(), campaign, clicks).await?;
    let viewers = viewers_for(services, campaign, clicks).await?;
    sandbox.gather(&viewers).await?;
    let mut clicked = Clicked::default();
    for viewer in viewers.iter().cycle().take(clicks.count as usize) {
        match sandbox.redeem(viewer, &reward).await? {
            Click::Redeemed => clicked.sent += 1,
            Click::Refused(reason) => *clicked.refused.entry(reason).or_default() += 1,
        }
    }
    tracing::info!(campaign_id = %campaign, sent = clicked.sent, "viewers clicked in the sandbox");
    Ok(clicked)
}

fn check(clicks: Clicks) -> Result<(), Problem> {
    if !(1..=CLICKS_MAX).contains(&clicks.count) {
        return Err(Problem::invalid_field("count", format!("must be 1 to {CLICKS_MAX}")));
    }
    if clicks.viewers.is_some_and(|viewers| !(1..=clicks.count).contains(&viewers)) {
        return Err(Problem::invalid_field("viewers", "must be 1 to the number of clicks"));
    }
    Ok(())
}

/// Twitch's id of the reward that viewers see.
async fn reward_of(
    queries: &dyn Queries,
    campaign: CampaignId,
    clicks: Clicks,
) -> Result<String, Problem> {
    if queries.event(clicks.event).await?.is_none() {
        return Err(Problem::not_found("event"));
    }
    if queries.membership(campaign, clicks.streamer).await?.is_none() {
        return Err(Problem::not_found("member"));
    }
    let rewards = queries.rewards(campaign, clicks.streamer).await?;
    let mut rewards = rewards
        .into_iter()
        .filter(|reward| reward.event_id == clicks.event && reward.status.is_live());
    let reward = rewards.find_map(|reward| reward.twitch_id);
    let absent = "the channel has no reward of this event: the streamer has to offer it first";
    Ok(reward.ok_or_else(|| Problem::conflict("nothing-to-redeem", absent))?.0)
}

/// Where a viewer's clicks are limited, new viewers come, and enough of them.
async fn viewers_for(
    services: &Services,
    campaign: CampaignId,
    clicks: Clicks,
) -> Result<Vec<Viewer>, Problem> {
    let ports = services.core.ports();
    let configs = ports.queries.campaign_configs(campaign).await?;
    let config = configs.iter().find(|config| config.event_id == clicks.event);
    let limit = config.map_or(0, |config| config.max_contributions_per_viewer);
    let sensible = match limit {
        0 => VIEWERS_DEFAULT,
        limit => VIEWERS_DEFAULT.max(clicks.count.div_ceil(limit)),
    };
    let count = clicks.viewers.unwrap_or(sensible).min(clicks.count) as usize;
    if limit == 0 {
        return Ok(audience(count));
    }
    Ok(fresh_audience(count, ports.random.below(u32::MAX)))
}

/// Has the practice table roll; who joined since it was set up gets a character before. Who may ask
/// is the caller's to check.
///
/// # Errors
/// 404 with another Twitch or for a character that the campaign does not have, 409 without a
/// practice table or characters, 422 for what cannot be rolled.
pub(crate) async fn roll(
    services: &Services,
    campaign: CampaignId,
    actor: &Actor,
    wish: RollWish,
) -> Result<PracticeRoll, Problem> {
    let tables = sandbox(services)?.practice_tables();
    tables.welcome(services, campaign, actor).await?;
    let queries = services.core.ports().queries.as_ref();
    let who = who_rolls(queries, campaign, wish.character).await?;
    let throw = Throw {
        actor: who.vtt_actor_id.0,
        name: who.name,
        formula: wish.formula.unwrap_or_else(|| FORMULA_DEFAULT.to_owned()),
        shows: wish.result.unwrap_or(RESULT_DEFAULT),
        is_hidden: wish.is_hidden,
    };
    tables.roll(campaign, throw).await
}

async fn who_rolls(
    queries: &dyn Queries,
    campaign: CampaignId,
    asked: Option<CharacterId>,
) -> Result<Character, Problem> {
    let characters = queries.characters(campaign).await?;
    if let Some(asked) = asked {
        let found = characters.into_iter().find(|character| character.id == asked);
        return found.ok_or_else(|| Problem::not_found("character"));
    }
    let open = queries.open_instances(campaign).await?;
    let armed = open.iter().filter(|goal| goal.status() == InstanceStatus::Armed);
    let waiting: Vec<_> = armed.filter_map(|goal| goal.scope.streamer()).collect();
    let is_waited_for = |character: &&Character| {
        character.assigned_streamer_id.is_some_and(|s| waiting.contains(&s))
    };
    let is_played = |character: &&Character| character.assigned_streamer_id.is_some();
    let found = characters.iter().find(is_waited_for);
    let found = found.or_else(|| characters.iter().find(is_played)).cloned();
    let nobody = "no character is assigned to a streamer: set the practice table up again";
    found.ok_or_else(|| Problem::conflict("nobody-to-roll", nobody))
}
