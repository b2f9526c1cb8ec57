//! The reward reconciler: the only writer of rewards. It makes Twitch agree with what is desired,
//! at most one change per reward every two seconds, and touches only rewards that it has a row for.

mod change;
mod create;
mod survey;

use super::context::{Channel, EventAtTable, Table};
use super::retirement::is_closed;
use super::{Gamification, Served, ServiceError};
use crate::campaign::User;
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::instance::{GoalScope, Instance};
use crate::login::{LoginStatus, TwitchLogin};
use crate::ports::{Lock, RewardError};
use crate::reward::{DesiredReward, PauseReason, Reward, RewardSpec, desired_reward};
use crate::time::Timestamp;
use change::Change;
pub(super) use change::{LOGIN_PAUSE_SECONDS, status_fact};

/// Twitch answered quick edits with errors: a reward rests that long between two, in seconds.
const REST_SECONDS: u32 = 2;

/// How many titles are tried when a channel already has a reward of that name.
const TITLES_MAX: u32 = 5;

/// The most characters that Twitch allows in a title.
const TITLE_LENGTH_MAX: usize = 45;

/// An opt-in, by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OptInKey {
    campaign: CampaignId,
    streamer: StreamerId,
    event: EventId,
}

impl OptInKey {
    fn is_of(self, reward: &Reward) -> bool {
        (self.campaign, self.streamer, self.event)
            == (reward.campaign_id, reward.streamer_id, reward.event_id)
    }
}

/// What is desired for an opt-in, and what there is.
struct Situation {
    desired: DesiredReward,
    live: Option<Reward>,
    is_opted_in: bool,
    /// When the channel last logged in, if that is what its reward waits for.
    logged_in_at: Option<Timestamp>,
}

/// What has to be done for an opt-in now.
enum Step {
    /// Nothing, or nothing yet.
    Rest,
    /// The reward has to go.
    Retire(Reward),
    /// There is none and there should be one.
    Make,
    /// Making it was tried before, and it may be there.
    MakeAgain(Reward),
    /// Twitch, or only its row, has to be told something else.
    Change(Reward, Box<Change>),
}

/// The goal that decides about a reward.
struct Goal<'a> {
    open: Option<&'a Instance>,
    is_cooling_down: bool,
}

impl Gamification {
    /// One step towards what is desired, for every opt-in and every reward on its way out; how many
    /// changes were made. One reward's trouble does not hold up the others. While there is nothing
    /// to do it begins no transaction.
    ///
    /// # Errors
    /// The first failure of the store, after all were tried.
    pub async fn reconcile_rewards(&self) -> Served<u64> {
        let opt_ins = self.ports.queries.all_streamer_configs().await?;
        let rewards = self.ports.queries.rewards_not_deleted().await?;
        let (mut changed, mut failure) = (0, None);
        let mut note = |outcome: Served<bool>| match outcome {
            Ok(was_changed) => changed += u64::from(was_changed),
            Err(ServiceError::Store(error)) => failure = failure.take().or(Some(error)),
            Err(_) => {}
        };
        // The survey only tells where to look: each step looks again before it acts.
        for key in self.survey(opt_ins, &rewards).await? {
            note(self.reconcile(key).await);
        }
        for reward in rewards.into_iter().filter(|reward| !reward.status.is_live()) {
            if is_closed(&reward) || has_rested(&reward, self.now()) {
                note(self.retire_further(reward).await);
            }
        }
        failure.map_or(Ok(changed), |error| Err(error.into()))
    }

    /// One step for one opt-in; the reward that viewers may see afterwards.
    ///
    /// # Errors
    /// [`ServiceError::Twitch`] when Twitch refused or could not be reached.
    pub async fn reconcile_reward_of(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Served<Option<Reward>> {
        self.reconcile(OptInKey { campaign, streamer, event }).await?;
        let rewards = self.ports.queries.rewards(campaign, streamer).await?;
        Ok(rewards.into_iter().find(|r| r.event_id == event && r.status.is_live()))
    }

    async fn reconcile(&self, key: OptInKey) -> Served<bool> {
        let Some((situation, streamer)) = self.situation(key).await? else {
            return Ok(false);
        };
        let channel = &streamer.twitch_id;
        match self.next_step(&situation) {
            Step::Rest => Ok(false),
            Step::Retire(reward) => self.begin_retirement(reward).await,
            Step::Make => self.make_first(key, &situation, channel).await,
            Step::MakeAgain(reward) => self.make_again(reward, &situation, channel).await,
            Step::Change(reward, change) => self.change(&reward, *change, channel).await,
        }
    }

    fn next_step(&self, situation: &Situation) -> Step {
        match (&situation.desired, situation.live.clone()) {
            (DesiredReward::Absent(_), None) => Step::Rest,
            (DesiredReward::Absent(_), Some(reward)) => Step::Retire(reward),
            (_, None) if situation.is_opted_in => Step::Make,
            (_, None) => Step::Rest,
            (_, Some(reward)) if !is_due(&reward, situation.logged_in_at, self.now()) => Step::Rest,
            (_, Some(reward)) if reward.twitch_id.is_none() => Step::MakeAgain(reward),
            (_, Some(reward)) => match Change::of(&reward, situation) {
                Some(change) => Step::Change(reward, Box::new(change)),
                None => Step::Rest,
            },
        }
    }

    async fn situation(&self, key: OptInKey) -> Served<Option<(Situation, User)>> {
        let mut uow = self.ports.store.begin().await?;
        let table = self.table(uow.as_mut(), key.campaign, Lock::None).await?;
        let at = self.event_at_table(uow.as_mut(), key.campaign, key.event, Lock::None).await?;
        let streamer = uow.users().get(key.streamer.into()).await?;
        let (Some(table), Some(at), Some(streamer)) = (table, at, streamer) else {
            return Ok(None);
        };
        let channel = self.channel(uow.as_mut(), &table, &at, key.streamer).await?;
        let live = uow.rewards().live(key.campaign, key.streamer, key.event).await?;
        let scope = GoalScope::of(at.event.scope, key.streamer);
        let open = uow.instances().lock_open(key.campaign, key.event, scope).await?;
        let cooldown = uow.instances().cooldown(key.campaign, key.event, scope, self.now()).await?;
        drop(uow);
        let goal = Goal { open: open.as_ref(), is_cooling_down: cooldown.is_some() };
        let language = &streamer.language;
        let desired = self.desired(&table, &at, &channel, &goal, key.streamer, language);
        let is_opted_in = channel.config.is_some_and(|config| config.is_enabled);
        let logged_in_at = self.awaited_login(live.as_ref()).await?;
        Ok(Some((Situation { desired, live, is_opted_in, logged_in_at }, streamer)))
    }

    fn desired(
        &self,
        table: &Table,
        at: &EventAtTable,
        channel: &Channel,
        goal: &Goal<'_>,
        streamer: StreamerId,
        language: &str,
    ) -> DesiredReward {
        let now = self.now();
        let open = goal.open.filter(|goal| goal.deadline().is_some_and(|end| end > now));
        let here = table.circumstances(at, Some(channel), open, goal.is_cooling_down);
        let spec = RewardSpec {
            title: at.event.name.in_language(language).to_owned(),
            cost: at.event.cost_on(channel.config.as_ref(), at.config.as_ref()),
            prompt: at.event.description.in_language(language).to_owned(),
            colour: at.event.reward_colour.clone(),
        };
        desired_reward(&here, streamer, spec, now)
    }

    /// When the channel of a reward last logged in, if the reward waits for just that.
    pub(super) async fn awaited_login(&self, reward: Option<&Reward>) -> Served<Option<Timestamp>> {
        let Some(reward) = reward.filter(|reward| waits_for_login(reward)) else {
            return Ok(None);
        };
        let logins = self.ports.queries.logins(&[reward.streamer_id.into()]).await?;
        let connected = |login: &&TwitchLogin| login.status() == LoginStatus::Connected;
        Ok(logins.iter().find(connected).map(|login| login.logged_in_at))
    }
}

/// Whether Twitch may be called about a reward: it has rested, and a failed try may be repeated.
fn is_due(reward: &Reward, logged_in_at: Option<Timestamp>, now: Timestamp) -> bool {
    has_rested(reward, now) && !is_held_up(reward, logged_in_at, now)
}

fn has_rested(reward: &Reward, now: Timestamp) -> bool {
    reward.changed_at.plus_seconds(REST_SECONDS) <= now
}

/// Whether an earlier failure still keeps us from trying; the login that was missing ends that.
pub(super) fn is_held_up(reward: &Reward, logged_in_at: Option<Timestamp>, now: Timestamp) -> bool {
    let has_returned = logged_in_at.is_some_and(|at| at >= reward.changed_at);
    reward.next_attempt_at.is_some_and(|next| next > now) && !has_returned
}

fn waits_for_login(reward: &Reward) -> bool {
    reward.last_error.as_ref().is_some_and(|error| *error == RewardError::LoginNeeded.to_string())
}

/// What Twitch should be told, and why viewers cannot redeem it; `None` when it should not be
/// there.
fn wanted(desired: &DesiredReward) -> Option<(&RewardSpec, Option<PauseReason>)> {
    match desired {
        DesiredReward::Absent(_) => None,
        DesiredReward::Paused(reason, spec) => Some((spec, Some(*reason))),
        DesiredReward::Active(spec) => Some((spec, None)),
    }
}

/// A title with a number behind it from the second on, cut so that Twitch takes it.
fn numbered(title: &str, number: u32) -> String {
    if number <= 1 {
        return title.to_owned();
    }
    let suffix = format!(" {number}");
    let room = TITLE_LENGTH_MAX - suffix.chars().count();
    let kept: String = title.chars().take(room).collect();
    format!("{kept}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_numbered_title_fits_twitch() {
        assert_eq!(numbered("Invert a die", 1), "Invert a die");
        assert_eq!(numbered("Invert a die", 2), "Invert a die 2");
        assert_eq!(numbered(&"é".repeat(45), 3).chars().count(), 45);
    }
}
