//! A storm of clicks on one goal, through the webhook of a running server with the sandbox Twitch:
//! how fast they are acknowledged, and whether each counted exactly once. `scripts/bench` starts a
//! server and calls it.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the environment and the clock")]

mod door;
mod webhook;

use door::{Door, Outcome, variable};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use webhook::Click;

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
                let click = Click { number, reward: &reward, channel: &channel };
                let message = click.message(&storm.secret)?;
                let begun = Instant::now();
                message.deliver(&storm.door).await?;
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
