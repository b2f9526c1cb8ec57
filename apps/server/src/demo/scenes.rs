//! What happens, scene by scene. Each waits for the server to say that something is true before the
//! next thing happens: the counts at the end do not depend on how fast this machine is.

use super::StoryError;
use super::cast::Channel;
use super::door::{text, until};
use super::narrator::clicks_are;
use super::stage::{Happening, Seat, Stage, items};
use serde_json::{Value, json};
use std::time::Duration;

/// The pause after each click when the story should end soon.
pub(super) const BRISK: Duration = Duration::from_millis(200);
/// The pause after each click when somebody watches.
pub(super) const LEISURELY: Duration = Duration::from_millis(900);
/// How many viewers turn the hourglass.
pub(super) const HOURGLASS_VIEWERS: usize = 2;

/// How long a step that only the server has to take may take.
const STEP_TIME_MAX: Duration = Duration::from_secs(8);
/// How long a click may be on its way before Twitch delivers it again.
const DELIVERY_TIME_MAX: Duration = Duration::from_secs(3);
/// The hourglass runs for ten seconds; the sweeper and the refunds come after that.
const HOURGLASS_TIME_MAX: Duration = Duration::from_secs(15);
/// The story takes a breath between two rounds.
const INTERMISSION: Duration = Duration::from_secs(20);

/// One round of all scenes; the hourglass runs through all of them.
///
/// # Errors
/// When something does not happen, or something else does.
pub(super) async fn round(stage: &mut Stage) -> Result<(), StoryError> {
    let hourglass = turn_the_hourglass(stage).await?;
    invert_a_critical(stage).await?;
    join_forces(stage).await?;
    change_ones_mind(stage).await?;
    ask_too_much(stage).await?;
    run_out_of_sand(stage, &hourglass).await
}

/// The session ends, everybody has a drink, and another one begins.
///
/// # Errors
/// As [`round`].
pub(super) async fn intermission(stage: &mut Stage) -> Result<(), StoryError> {
    stage.gm.delete(&format!("{}/sessions/current", stage.campaign)).await?;
    stage.timeline.tell("gm", "calls a break; Ctrl-C ends the demo");
    tokio::time::sleep(INTERMISSION).await;
    stage.feed.forget();
    stage.gm.post(&format!("{}/sessions", stage.campaign), json!({})).await?;
    Ok(())
}

/// A goal with too few friends; a viewer who is too eager is refused.
async fn turn_the_hourglass(stage: &Stage) -> Result<String, StoryError> {
    stage.timeline.chapter("ten seconds of sand, one click each");
    let (seat, event) = (&stage.bob, &stage.happenings.hourglass);
    let reward = stage.redeemable(seat, event).await?;
    let mut goal = String::new();
    for click in 0..HOURGLASS_VIEWERS {
        let viewer = stage.cast.bob.viewers[click];
        goal = counted(&stage.click(seat, event, &reward, viewer).await?)?;
    }
    let eager = stage.cast.bob.viewers[0];
    let row = stage.click(seat, event, &reward, eager).await?;
    if row["refusalReason"] != "viewer_limit" {
        return Err(StoryError::Unexpected(format!("a second click was not refused: {row}")));
    }
    let told = "has clicked already: refused (viewer limit), the points go back";
    stage.timeline.tell(eager, told);
    Ok(goal)
}

/// A full goal lies in wait for a natural 20.
async fn invert_a_critical(stage: &mut Stage) -> Result<(), StoryError> {
    stage.timeline.chapter("the trap for the dice");
    let (clicks, bonus) = (stage.cast.dice_clicks, stage.cast.attack_bonus);
    let rows = stage.clicks(&stage.alice, &stage.happenings.dice, clicks).await?;
    let goal = counted(&rows[0])?;
    stage.feed.of_goal("gamification:instance_armed", &goal, STEP_TIME_MAX).await?;
    stage.repeat_delivery(&rows[0]).await?;
    stage.table.roll(&stage.cast.alice, stage.cast.ordinary_roll, bonus).await?;
    let before = stage.table.carried_out();
    stage.table.roll(&stage.cast.alice, 20, bonus).await?;
    let kind = "gamification:action_executed";
    let executed = stage.feed.of_goal(kind, &goal, STEP_TIME_MAX).await?.data;
    let commands = stage.table.carried_out_since(before).join(", ").replace('_', " ");
    stage.timeline.tell("table", &format!("has carried out: {commands}"));
    if executed["originalValue"] != 20 || executed["invertedValue"] != 1 {
        return Err(StoryError::Unexpected(format!("the 20 did not become a 1: {executed}")));
    }
    stage.fulfilled(&goal, clicks).await
}

/// Both channels fill one goal.
async fn join_forces(stage: &Stage) -> Result<(), StoryError> {
    stage.timeline.chapter("two channels, one goal");
    let event = &stage.happenings.shared;
    let (all, by_alice) = (2 * stage.cast.shared_minimum, stage.cast.shared_by_alice);
    // Both may redeem before anybody does: the goal's participants are decided when it opens.
    stage.redeemable(&stage.bob, event).await?;
    let rows = stage.clicks(&stage.alice, event, by_alice).await?;
    let goal = counted(&rows[0])?;
    stage.clicks(&stage.bob, event, all - by_alice).await?;
    let kind = "gamification:action_executed";
    let executed = stage.feed.of_goal(kind, &goal, STEP_TIME_MAX).await?.data;
    if executed["success"] != true {
        return Err(StoryError::Unexpected(format!("the table did not act: {executed}")));
    }
    stage.fulfilled(&goal, all).await
}

/// The game master opens a goal, and thinks better of it.
async fn change_ones_mind(stage: &Stage) -> Result<(), StoryError> {
    stage.timeline.chapter("a change of mind");
    let (seat, event) = (&stage.alice, &stage.happenings.curse);
    stage.redeemable(seat, event).await?;
    let start = json!({ "eventId": event.id, "streamerId": seat.id });
    let path = format!("{}/instances", stage.campaign);
    let goal = text(&stage.gm.post(&path, start).await?, "id")?;
    stage.timeline.tell("gm", &format!("starts “{}” by hand", event.name));
    stage.clicks(seat, event, stage.cast.cancelled_clicks).await?;
    stage.timeline.tell("gm", "thinks better of it: nobody gets cursed tonight");
    let reason = json!({ "reason": "the party has suffered enough" });
    stage.gm.post(&format!("/instances/{goal}/cancel"), reason).await?;
    stage.refunded(&goal).await
}

/// A goal is full, and the table cannot do what was paid for.
async fn ask_too_much(stage: &Stage) -> Result<(), StoryError> {
    stage.timeline.chapter("more than the table can do");
    let (seat, event) = (&stage.bob, &stage.happenings.failing);
    let rows = stage.clicks(seat, event, stage.cast.failing_clicks).await?;
    let goal = counted(&rows[0])?;
    let kind = "gamification:action_executed";
    let outcome = stage.feed.of_goal(kind, &goal, STEP_TIME_MAX).await?.data;
    if outcome["success"] != false {
        return Err(StoryError::Unexpected(format!("the table did act: {outcome}")));
    }
    stage.refunded(&goal).await
}

/// The goal of the first scene runs out of time.
async fn run_out_of_sand(stage: &Stage, goal: &str) -> Result<(), StoryError> {
    stage.timeline.chapter("the sand runs out");
    stage.feed.of_goal("gamification:instance_expired", goal, HOURGLASS_TIME_MAX).await?;
    stage.refunded(goal).await
}

impl Stage {
    /// That many clicks of a channel's viewers, one after the other.
    async fn clicks(
        &self,
        seat: &Seat,
        event: &Happening,
        count: usize,
    ) -> Result<Vec<Value>, StoryError> {
        let reward = self.redeemable(seat, event).await?;
        let viewers = &self.channel(seat).viewers;
        let mut rows = Vec::with_capacity(count);
        for viewer in viewers.iter().cycle().take(count) {
            rows.push(self.click(seat, event, &reward, viewer).await?);
        }
        Ok(rows)
    }

    /// One click: redeemed at Twitch, delivered, and in the ledger when this returns.
    async fn click(
        &self,
        seat: &Seat,
        event: &Happening,
        reward: &str,
        viewer: &str,
    ) -> Result<Value, StoryError> {
        let told = format!("redeems “{}” on {}'s channel", event.name, seat.login);
        self.timeline.tell(viewer, &told);
        let id = self.twitch.redeem(viewer, reward).await?;
        let row = match self.row(&id).await {
            Err(StoryError::Waited(_)) => {
                self.twitch.deliver_again(&id, false).await?;
                self.row(&id).await?
            }
            row => row?,
        };
        tokio::time::sleep(self.pace).await;
        Ok(row)
    }

    async fn row(&self, redemption: &str) -> Result<Value, StoryError> {
        let path = format!("{}/redemptions?limit=20", self.campaign);
        until(&format!("the click {redemption} in the ledger"), DELIVERY_TIME_MAX, async || {
            let newest = self.gm.get(&path).await?;
            Ok(items(&newest).iter().find(|row| row["id"] == redemption).cloned())
        })
        .await
    }

    /// Twitch delivers a click twice, under a message id that nobody has seen.
    async fn repeat_delivery(&self, row: &Value) -> Result<(), StoryError> {
        let before = self.gm.get(&format!("{}/ledger", self.campaign)).await?;
        self.twitch.deliver_again(&text(row, "id")?, true).await?;
        self.twitch.until_delivered().await?;
        let after = self.gm.get(&format!("{}/ledger", self.campaign)).await?;
        let (before, after) = (&before["received"], &after["received"]);
        if before != after {
            return Err(StoryError::Unexpected("a duplicate was counted".to_owned()));
        }
        let viewer = text(row, "viewerName")?;
        let told = format!("delivers {viewer}'s click again: a duplicate, still {after} in all");
        self.timeline.tell("twitch", &told);
        Ok(())
    }

    /// Waits until Twitch was told that every click of the goal is spent.
    async fn fulfilled(&self, goal: &str, clicks: usize) -> Result<(), StoryError> {
        let rows = self.settled(goal, "fulfilled").await?;
        if rows.len() != clicks {
            let told = format!("{} clicks of {clicks} belong to the goal", rows.len());
            return Err(StoryError::Unexpected(told));
        }
        let points: i64 = rows.iter().filter_map(|row| row["cost"].as_i64()).sum();
        let told = format!("{} fulfilled: {points} points are spent", clicks_are(clicks as u64));
        self.timeline.tell("ledger", &told);
        Ok(())
    }

    /// Waits until every click of the goal is given back.
    async fn refunded(&self, goal: &str) -> Result<(), StoryError> {
        self.settled(goal, "refunded").await.map(drop)
    }

    async fn settled(&self, goal: &str, how: &str) -> Result<Vec<Value>, StoryError> {
        let path = format!("{}/redemptions?limit=200&instance={goal}", self.campaign);
        until(&format!("all clicks of goal {goal} to be {how}"), STEP_TIME_MAX, async || {
            let rows = self.gm.get(&path).await?;
            let rows = items(&rows);
            Ok(rows.iter().all(|row| row["settlement"] == how).then(|| rows.to_vec()))
        })
        .await
    }

    fn channel(&self, seat: &Seat) -> &Channel {
        if seat.login == self.cast.alice.login { &self.cast.alice } else { &self.cast.bob }
    }
}

/// The goal for which a click counted.
fn counted(row: &Value) -> Result<String, StoryError> {
    if row["disposition"] == "counted" {
        return Ok(text(row, "instanceId")?);
    }
    Err(StoryError::Unexpected(format!("a click did not count: {row}")))
}
