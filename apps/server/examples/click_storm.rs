//! A storm of clicks on one goal, through the webhook of a running server with the sandbox Twitch:
//! how fast they are acknowledged, and whether each counted exactly once. `scripts/bench` starts a
//! server and calls it.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the environment and the clock")]

use hmac::{Hmac, Mac};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use sha2::Sha256;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::task::JoinSet;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Where the server is, and what opens it.
struct Door {
    http: Client,
    server: String,
    sandbox: String,
    gm_key: String,
    streamer_key: String,
    secret: String,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let clicks: usize = variable("STORM_CLICKS").unwrap_or_else(|_| "20000".into()).parse()?;
    let clients: usize = variable("STORM_CLIENTS").unwrap_or_else(|_| "64".into()).parse()?;
    let door = Arc::new(Door {
        http: Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?,
        server: variable("STORM_SERVER")?,
        sandbox: variable("STORM_SANDBOX")?,
        gm_key: variable("STORM_GM_KEY")?,
        streamer_key: variable("STORM_STREAMER_KEY")?,
        secret: variable("STORM_SECRET")?,
    });
    let goal = set_up(&door, clicks).await?;
    let begun = Instant::now();
    let mut latencies = storm(&door, &goal, clicks, clients).await?;
    let seconds = begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let percentile = |share: usize| latencies[(latencies.len() - 1) * share / 100].as_secs_f64();
    println!("clicks       {clicks} by {clients} clients, all acknowledged");
    println!("rate         {:.0} clicks/s", clicks as f64 / seconds);
    println!("latency      p50 {:.1} ms", percentile(50) * 1_000.0);
    println!("             p99 {:.1} ms", percentile(99) * 1_000.0);
    verify(&door, &goal, clicks).await
}

/// The goal that the clicks are for.
struct Goal {
    campaign: String,
    reward: String,
    channel: String,
}

async fn set_up(door: &Door, clicks: usize) -> Outcome<Goal> {
    let viewers = json!({ "viewerCount": clicks / 10 + 1 });
    call(door, Method::PUT, &format!("{}/sandbox/streams/alice", door.sandbox), "", viewers)
        .await?;
    let api = format!("{}/api/v1", door.server);
    let (gm, streamer) = (door.gm_key.as_str(), door.streamer_key.as_str());
    let post = Method::POST;
    let campaign =
        call(door, post.clone(), &format!("{api}/campaigns"), gm, json!({ "name": "Storm" }))
            .await?;
    let campaign = text(&campaign, "id")?;
    let here = format!("{api}/campaigns/{campaign}");
    let member =
        call(door, post.clone(), &format!("{here}/members"), gm, json!({ "login": "alice" }))
            .await?;
    let alice = text(&member, "streamerId")?;
    let accept = format!("{here}/members/{alice}/accept");
    call(door, post.clone(), &accept, streamer, json!({})).await?;
    let event = json!({
        "slug": "click-storm", "name": "Click storm", "description": "", "scope": "individual",
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "it rains" } },
        "cost": 1, "objectiveCoefficient": 10.0, "minimumObjective": 1, "duration": 3600,
    });
    let event = call(door, post, &format!("{api}/events"), gm, event).await?;
    let event = text(&event, "id")?;
    let on = json!({ "isEnabled": true });
    call(door, Method::PUT, &format!("{here}/events/{event}"), gm, on.clone()).await?;
    let offer = format!("{here}/streamers/{alice}/events/{event}");
    let offer = call(door, Method::PUT, &offer, streamer, on).await?;
    let reward = offer.get("rewardId");
    let reward = reward.and_then(Value::as_str).ok_or("the offer has no reward id")?.to_owned();
    let me = call(door, Method::GET, &format!("{api}/me"), streamer, Value::Null).await?;
    let channel = me.pointer("/user/twitchId").and_then(Value::as_str).ok_or("no channel")?;
    Ok(Goal { campaign, reward, channel: channel.to_owned() })
}

/// Posts every click once; how long each took.
async fn storm(
    door: &Arc<Door>,
    goal: &Goal,
    clicks: usize,
    clients: usize,
) -> Outcome<Vec<Duration>> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (door, next) = (Arc::clone(door), Arc::clone(&next));
        let (reward, channel) = (goal.reward.clone(), goal.channel.clone());
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= clicks {
                    return Ok::<_, Box<dyn Error + Send + Sync>>(latencies);
                }
                let body = message(number, &reward, &channel)?;
                let begun = Instant::now();
                deliver(&door, number, body).await?;
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

async fn deliver(door: &Door, number: usize, body: String) -> Outcome<()> {
    let id = format!("message-{number}");
    let at = OffsetDateTime::now_utc().format(&Rfc3339)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(door.secret.as_bytes())?;
    mac.update(id.as_bytes());
    mac.update(at.as_bytes());
    mac.update(body.as_bytes());
    let digest: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
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
    let here = format!("{}/api/v1/campaigns/{}", door.server, goal.campaign);
    let goals = format!("{here}/instances");
    let goals = call(door, Method::GET, &goals, &door.gm_key, Value::Null).await?;
    let progress = goals.pointer("/items/0/currentProgress").and_then(Value::as_u64);
    let ledger =
        call(door, Method::GET, &format!("{here}/ledger"), &door.gm_key, Value::Null).await?;
    let balanced = ledger.get("balanced").and_then(Value::as_bool) == Some(true);
    println!("progress     {progress:?} of {clicks} clicks, ledger balanced: {balanced}");
    let received = ledger.get("received").and_then(Value::as_u64);
    let expected = Some(u64::try_from(clicks)?);
    if progress == expected && received == expected && balanced {
        return Ok(());
    }
    Err(format!("not every click counted exactly once: {ledger}").into())
}

async fn call(door: &Door, method: Method, url: &str, key: &str, body: Value) -> Outcome<Value> {
    let mut request = door.http.request(method, url);
    if !key.is_empty() {
        request = request.bearer_auth(key);
    }
    if !body.is_null() {
        request = request.json(&body);
    }
    let answer = request.send().await?;
    let (status, text) = (answer.status(), answer.text().await?);
    if !status.is_success() {
        return Err(format!("{url}: {status} {text}").into());
    }
    Ok(if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? })
}

fn text(value: &Value, field: &str) -> Outcome<String> {
    let text = value.get(field).and_then(Value::as_str);
    Ok(text.ok_or_else(|| format!("no {field} in {value}"))?.to_owned())
}

fn variable(name: &str) -> Result<String, std::env::VarError> {
    std::env::var(name)
}
