//! The people at the sandbox Twitch: they go live, redeem, and are told what became of it.

use super::StoryError;
use super::door::{Door, text, until};
use crate::door::DoorError;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the sandbox may take to deliver what it has.
const DELIVERY_TIME_MAX: Duration = Duration::from_secs(8);

/// The sandbox's control API.
pub(super) struct Twitch(Door);

impl Twitch {
    /// At that address.
    ///
    /// # Errors
    /// When no client can be made.
    pub(super) fn at(base: &str) -> Result<Self, StoryError> {
        Ok(Self(Door::new(base, None)?))
    }

    /// Starts a channel's stream, with that many people watching.
    pub(super) async fn go_live(&self, login: &str, audience: u32) -> Result<(), StoryError> {
        let body = json!({ "viewerCount": audience });
        self.0.put(&format!("/sandbox/streams/{login}"), body).await?;
        Ok(())
    }

    /// Somebody makes an account, and writes the own name like that.
    pub(super) async fn sign_up(&self, name: &str) -> Result<(), StoryError> {
        let body = json!({ "displayName": name });
        self.0.put(&format!("/sandbox/users/{}", login_of(name)), body).await?;
        Ok(())
    }

    /// A viewer redeems a reward; the redemption's id.
    pub(super) async fn redeem(&self, name: &str, reward: &str) -> Result<String, StoryError> {
        let body = json!({ "viewer": login_of(name), "rewardId": reward });
        let answer = self.0.post("/sandbox/redeem", body).await?;
        Ok(text(&answer["redemptions"][0], "id")?)
    }

    /// Delivers a redemption once more, as Twitch does now and then.
    pub(super) async fn deliver_again(
        &self,
        redemption: &str,
        new_message_id: bool,
    ) -> Result<(), StoryError> {
        let body = json!({ "redemptionId": redemption, "newMessageId": new_message_id });
        let answer = self.0.post("/sandbox/resend", body).await?;
        match answer["messages"].as_array() {
            Some(messages) if !messages.is_empty() => Ok(()),
            _ => Err(StoryError::Unexpected("nobody listens to Twitch's events".to_owned())),
        }
    }

    /// Waits until every message was taken or given up.
    pub(super) async fn until_delivered(&self) -> Result<(), StoryError> {
        until("Twitch's deliveries", DELIVERY_TIME_MAX, async || {
            let idle = self.0.get("/sandbox/idle").await?;
            Ok((idle["pendingDeliveries"] == 0).then_some(()))
        })
        .await
    }

    /// Twitch's own record of every redemption.
    pub(super) async fn redemptions(&self) -> Result<Vec<Value>, StoryError> {
        let mut answer = self.0.get("/sandbox/redemptions").await?;
        match answer["redemptions"].take() {
            Value::Array(redemptions) => Ok(redemptions),
            _ => Err(DoorError::Unreadable("Twitch's record is no list".to_owned()).into()),
        }
    }
}

/// Twitch's logins are lower case.
fn login_of(name: &str) -> String {
    name.to_lowercase()
}
