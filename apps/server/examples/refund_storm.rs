//! Points on their way back: a group goal over ten channels collects thousands of clicks and
//! expires; how long after its expiry each of them was refunded at Twitch. `scripts/bench refunds`
//! starts a server with the sandbox Twitch (its rate limit is Twitch's documented one, each
//! settlement takes 20 ms per redemption) and calls it.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the environment and the clock")]

mod door;

use door::{Door, Outcome, text, variable};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How long the goal stays open, in seconds: long enough for every click to arrive.
const DURATION_SECONDS: u32 = 60;

/// Refunds are waited for that long after the expiry.
const PATIENCE: Duration = Duration::from_secs(180);

/// What 99 of 100 refunds have to keep.
const PROMISE_SECONDS: f64 = 30.0;

/// A channel that takes part.
struct Channel {
    reward: String,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let door = Door::from_environment()?;
    let clicks: usize = variable("STORM_CLICKS").unwrap_or_else(|_| "5000".into()).parse()?;
    let keys: Vec<String> =
        variable("STORM_STREAMER_KEYS")?.split_whitespace().map(str::to_owned).collect();
    let (campaign, channels) = set_up(&door, &keys, clicks).await?;
    let begun = Instant::now();
    click(&door, &channels, clicks).await?;
    println!(
        "clicks       {clicks} over {} channels in {:.1} s",
        channels.len(),
        begun.elapsed().as_secs_f64()
    );
    until_over(&door, &campaign, clicks).await?;
    report(&door, &campaign, clicks).await
}

async fn set_up(door: &Door, keys: &[String], clicks: usize) -> Outcome<(String, Vec<Channel>)> {
    let campaign = door.campaign().await?;
    let event = json!({
        "slug": "refund-storm", "name": "Refund storm", "description": "", "scope": "group",
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "it rains" } },
        "cost": 1, "objectiveCoefficient": 10.0, "minimumObjective": 1,
        "duration": DURATION_SECONDS,
    });
    let event = door.event(&campaign, event).await?;
    let mut channels = Vec::new();
    for (number, key) in keys.iter().enumerate() {
        let login = format!("channel{number}");
        door.go_live(&login, clicks).await?;
        let streamer = door.join(&campaign, &login, key).await?;
        channels.push(Channel { reward: door.offer(&campaign, &streamer, &event, key).await? });
    }
    Ok((campaign, channels))
}

async fn click(door: &Door, channels: &[Channel], clicks: usize) -> Outcome<()> {
    let url = format!("{}/sandbox/redeem", door.sandbox);
    for channel in channels {
        let count = clicks / channels.len();
        let body = json!({ "viewer": "pippa", "rewardId": channel.reward, "count": count });
        door.call(Method::POST, &url, "", body).await?;
    }
    Ok(())
}

/// Waits until every click has ended.
async fn until_over(door: &Door, campaign: &str, clicks: usize) -> Outcome<()> {
    let expected = u64::try_from(clicks)?;
    let deadline = Instant::now() + Duration::from_secs(DURATION_SECONDS.into()) + PATIENCE;
    loop {
        let ledger = format!("{campaign}/ledger");
        let ledger = door.call(Method::GET, &ledger, &door.gm_key, Value::Null).await?;
        if ledger["refunded"] == expected && ledger["balanced"] == true {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(format!("not everything was refunded: {ledger}").into());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn report(door: &Door, campaign: &str, clicks: usize) -> Outcome<()> {
    let goals = format!("{campaign}/instances");
    let goals = door.call(Method::GET, &goals, &door.gm_key, Value::Null).await?;
    let expired_at = moment(&goals["items"][0], "endedAt")?;
    let record = format!("{}/sandbox/redemptions", door.sandbox);
    let record = door.call(Method::GET, &record, "", Value::Null).await?;
    let mut delays = Vec::with_capacity(clicks);
    for redemption in record["redemptions"].as_array().into_iter().flatten() {
        if redemption["status"] != "CANCELED" {
            return Err(format!("not given back: {redemption}").into());
        }
        delays.push((moment(redemption, "settled_at")? - expired_at).as_seconds_f64());
    }
    delays.sort_by(f64::total_cmp);
    let percentile = |share: usize| delays[(delays.len() - 1) * share / 100];
    println!("refunded     {} after the expiry, as Twitch has it", delays.len());
    println!("delay        p50 {:.1} s", percentile(50));
    println!("             p99 {:.1} s", percentile(99));
    println!("             max {:.1} s", percentile(100));
    if delays.len() == clicks && percentile(99) <= PROMISE_SECONDS {
        return Ok(());
    }
    Err(format!("the promise is {clicks} refunds, 99 % of them in {PROMISE_SECONDS} s").into())
}

fn moment(value: &Value, field: &str) -> Outcome<OffsetDateTime> {
    Ok(OffsetDateTime::parse(&text(value, field)?, &Rfc3339)?)
}
