//! A storm of clicks on one goal, through the webhook of a running server with the sandbox Twitch:
//! how fast they are acknowledged, and whether each counted exactly once. `scripts/bench` starts a
//! server and calls it.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the environment and the clock")]

mod door;

use door::{Door, Outcome, variable};
use hmac::{Hmac, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::task::JoinSet;

/// The server with what this storm needs besides.
struct Storm {
    door: Door,
    streamer_key: String,
    secret: String,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let clicks: usize = variable("STORM_CLICKS").unwrap_or_else(|_| "20000".into()).parse()?;
    let clients: usize = variable("STORM_CLIENTS").unwrap_or_else(|_| "64".into()).parse()?;
    let storm = Arc::new(Storm {
        door: Door::from_environment()?,
        streamer_key: variable("STORM_STREAMER_KEY")?,
        secret: variable("STORM_SECRET")?,
    });
    let goal = set_up(&storm, clicks).await?;
    let begun = Instant::now();
    let mut latencies = rain(&storm, &goal, clicks, clients).await?;
    let seconds = begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let percentile = |share: usize| latencies[(latencies.len() - 1) * share / 100].as_secs_f64();
    println!("clicks       {clicks} by {clients} clients, all acknowledged");
    println!("rate         {:.0} clicks/s", clicks as f64 / seconds);
    println!("latency      p50 {:.1} ms", percentile(50) * 1_000.0);
    println!("             p99 {:.1} ms", percentile(99) * 1_000.0);
    verify(&storm.door, &goal, clicks).await
}

/// The goal that the clicks are for.
struct Goal {
    campaign: String,
    reward: String,
    channel: String,
}

async fn set_up(storm: &Storm, clicks: usize) -> Outcome<Goal> {
    let Storm { door, streamer_key, .. } = storm;
    door.go_live("alice", clicks / 10 + 1).await?;
    let campaign = door.campaign().await?;
    let alice = door.join(&campaign, "alice", streamer_key).await?;
    let event = json!({
        "slug": "click-storm", "name": "Click storm", "description": "", "scope": "individual",
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "it rains" } },
        "cost": 1, "objectiveCoefficient": 10.0, "minimumObjective": 1, "duration": 3600,
    });
    let event = door.event(&campaign, event).await?;
    let reward = door.offer(&campaign, &alice, &event, streamer_key).await?;
    let me = format!("{}/me", door.api());
    let me = door.call(Method::GET, &me, streamer_key, Value::Null).await?;
    let channel = me.pointer("/user/twitchId").and_then(Value::as_str).ok_or("no channel")?;
    Ok(Goal { campaign, reward, channel: channel.to_owned() })
}

/// Posts every click once; how long each took.
async fn rain(
    storm: &Arc<Storm>,
    goal: &Goal,
    clicks: usize,
    clients: usize,
) -> Outcome<Vec<Duration>> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (storm, next) = (Arc::clone(storm), Arc::clone(&next));
        let (reward, channel) = (goal.reward.clone(), goal.channel.clone());
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= clicks {
                    return Outcome::Ok(latencies);
                }
                let body = message(number, &reward, &channel)?;
                let begun = Instant::now();
                deliver(&storm, number, body).await?;
                latencies.push(begun.elapsed());
            }
        });
    }
    let mut latencies = Vec::with_capacity(clicks);
    while let Some(finished) = tasks.join_next().await {
        latencies.extend(finished??);
    }
    Ok(latencies)
}

fn message(number: usize, reward: &str, channel: &str) -> Outcome<String> {
    let now = OffsetDateTime::now_utc().format(&Rfc3339)?;
    let kind = "channel.channel_points_custom_reward_redemption.add";
    Ok(json!({
        "subscription": {
            "id": "storm", "type": kind, "version": "1", "status": "enabled", "cost": 0,
            "condition": { "broadcaster_user_id": channel },
            "transport": { "method": "webhook", "callback": "http://127.0.0.1/" },
            "created_at": now,
        },
        "event": {
            "id": format!("storm-{number}"), "broadcaster_user_id": channel,
            "broadcaster_user_login": "alice", "broadcaster_user_name": "Alice",
            "user_id": format!("{}", 5_000_000 + number), "user_login": "viewer",
            "user_name": "Viewer", "user_input": "", "status": "unfulfilled",
            "reward": { "id": reward, "title": "Click storm", "cost": 1, "prompt": "" },
            "redeemed_at": now,
        },
    })
    .to_string())
}

async fn deliver(storm: &Storm, number: usize, body: String) -> Outcome<()> {
    let id = format!("message-{number}");
    let at = OffsetDateTime::now_utc().format(&Rfc3339)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(storm.secret.as_bytes())?;
    mac.update(id.as_bytes());
    mac.update(at.as_bytes());
    mac.update(body.as_bytes());
    let digest: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let door = &storm.door;
    let answer = door
        .http
        .post(format!("{}/webhooks/twitch/eventsub", door.server))
        .header("Twitch-Eventsub-Message-Id", id)
        .header("Twitch-Eventsub-Message-Timestamp", at)
        .header("Twitch-Eventsub-Message-Type", "notification")
        .header("Twitch-Eventsub-Message-Signature", format!("sha256={digest}"))
        .header("Content-Type", "application/json")
        .body(body)
        .send()
        .await?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(format!("click {number} was answered {}", answer.status()).into())
}

async fn verify(door: &Door, goal: &Goal, clicks: usize) -> Outcome<()> {
    let look = async |what: &str| {
        let url = format!("{}/{what}", goal.campaign);
        door.call(Method::GET, &url, &door.gm_key, Value::Null).await
    };
    let goals = look("instances").await?;
    let progress = goals.pointer("/items/0/currentProgress").and_then(Value::as_u64);
    let ledger = look("ledger").await?;
    let balanced = ledger.get("balanced").and_then(Value::as_bool) == Some(true);
    println!("progress     {progress:?} of {clicks} clicks, ledger balanced: {balanced}");
    let received = ledger.get("received").and_then(Value::as_u64);
    let expected = Some(u64::try_from(clicks)?);
    if progress == expected && received == expected && balanced {
        return Ok(());
    }
    Err(format!("not every click counted exactly once: {ledger}").into())
}
