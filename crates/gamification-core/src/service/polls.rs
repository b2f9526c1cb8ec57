//! Polls on a channel, as a trigger.

use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::campaign::User;
use crate::ids::{CampaignId, StreamerId, TwitchUserId};
use crate::instance::Instance;
use crate::trigger::{PollVote, TriggerHandler};
use serde_json::{Value, json};

/// An answer of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollChoice {
    /// What viewers see.
    pub title: String,
    /// All its votes so far, those that were bought included.
    pub votes: u64,
}

/// A poll as Twitch tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollState {
    /// Twitch's key.
    pub poll_id: String,
    /// The answers.
    pub choices: Vec<PollChoice>,
    /// Whether nobody can vote any more: completed, terminated or archived.
    pub has_ended: bool,
}

impl PollState {
    /// What the trigger is fed for each answer with votes, the one with the most votes first: an
    /// event that takes any answer gets the winner.
    fn fed(&self) -> Vec<Value> {
        let total = self.choices.iter().fold(0_u64, |sum, choice| sum.saturating_add(choice.votes));
        let mut choices: Vec<_> = self.choices.iter().filter(|choice| choice.votes > 0).collect();
        choices.sort_by_key(|choice| std::cmp::Reverse(choice.votes));
        let data = |choice: &PollChoice| {
            json!({
                "pollId": self.poll_id,
                "option": choice.title,
                "voteCount": choice.votes,
                "totalVotes": total,
                "hasEnded": self.has_ended,
            })
        };
        choices.into_iter().map(data).collect()
    }
}

impl Gamification {
    /// Feeds a poll to the `poll_vote` trigger of every campaign in which the channel takes part
    /// with an authorisation that holds; the goals that opened. An individual event opens for that
    /// channel. Each event fires once per poll, however often the poll is told.
    ///
    /// # Errors
    /// The first failure of the store, after all campaigns were tried.
    pub async fn poll_changed(
        &self,
        channel: &TwitchUserId,
        poll: &PollState,
    ) -> Served<Vec<Instance>> {
        let user = self.ports.queries.user_by_twitch_id(channel).await?;
        let trigger = PollVote.kind();
        let (Some(user), Ok(_)) = (user, self.triggers.get(trigger)) else {
            return Ok(Vec::new());
        };
        let (mut opened, mut failure) = (Vec::new(), None);
        let streamer = StreamerId::from(user.id);
        for campaign in self.campaigns_polled_in(&user).await? {
            for data in poll.fed() {
                let feed =
                    self.feed_trigger(&Actor::Service, campaign, trigger, Some(streamer), data);
                match feed.await {
                    Ok(goals) => opened.extend(goals),
                    Err(ServiceError::Conflict(Conflict::Silent(reason))) => {
                        tracing::debug!(%campaign, reason, "a poll opened nothing");
                    }
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
        }
        failure.map_or(Ok(opened), Err)
    }

    /// The campaigns in which that person's channel may be redeemed on now.
    async fn campaigns_polled_in(&self, user: &User) -> Served<Vec<CampaignId>> {
        let mut campaigns = Vec::new();
        for campaign in self.campaigns_of_user(user.id).await? {
            let member = self.ports.queries.membership(campaign, user.id.into()).await?;
            if member.is_some_and(|member| member.is_authorised(self.now())) {
                campaigns.push(campaign);
            }
        }
        Ok(campaigns)
    }
}
