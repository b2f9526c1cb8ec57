//! A crowd of overlays on one server: what each costs in memory while nothing happens, and how long
//! after a click was committed each of them is told of it. `scripts/bench overlays` starts a server
//! with the sandbox Twitch and calls it.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the environment and the clock")]

mod door;
mod webhook;

use door::{Door, Outcome, text, variable};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use webhook::Click;

/// How many overlays connect at the same time.
const CONNECTING: usize = 50;
/// How long nothing happens before memory is read.
const REST: Duration = Duration::from_secs(5);
/// The time from one click to the next, longer than what is told together.
const PAUSE: Duration = Duration::from_millis(500);
/// How long the frames of one click are waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// How far the goal is, as an overlay was told, and when.
type Told = (usize, Instant);

#[tokio::main]
async fn main() -> Outcome<()> {
    let crowd: usize = variable("CROWD_OVERLAYS").unwrap_or_else(|_| "1000".into()).parse()?;
    let clicks: usize = variable("CROWD_CLICKS").unwrap_or_else(|_| "40".into()).parse()?;
    let (server, secret) = (variable("STORM_SERVER_PID")?.parse()?, variable("STORM_SECRET")?);
    let door = Door::from_environment()?;
    let stage = set_up(&door, &variable("STORM_STREAMER_KEY")?).await?;
    let before = resident_kib(server)?;
    let (tell, mut told) = mpsc::unbounded_channel();
    let (leave, left) = watch::channel(());
    let mut overlays = connect(&stage.stream, crowd, &tell, &left).await?;
    tokio::time::sleep(REST).await;
    let after = resident_kib(server)?;
    println!("overlays     {crowd} on one server");
    println!("idle memory  {:.1} KiB each", after.saturating_sub(before) as f64 / crowd as f64);
    println!("             {before} KiB without them, {after} KiB with them");
    let mut delays = Vec::with_capacity(crowd * clicks);
    for number in 1..=clicks {
        let click = Click { number, reward: &stage.reward, channel: &stage.channel };
        click.message(&secret)?.deliver(&door).await?;
        let committed = Instant::now();
        delays.extend(delays_of(number, committed, crowd, &mut told).await?);
        tokio::time::sleep(PAUSE).await;
    }
    leave.send(())?;
    while let Some(ended) = overlays.join_next().await {
        ended??;
    }
    report(delays, clicks);
    Ok(())
}

/// The memory of a process that is in use, in KiB.
fn resident_kib(process: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
    Ok(kib.parse()?)
}

/// How long after a click's commit each overlay was told of it. A frame may be there before the
/// click's own answer: that is no delay.
async fn delays_of(
    number: usize,
    committed: Instant,
    crowd: usize,
    told: &mut mpsc::UnboundedReceiver<Told>,
) -> Outcome<Vec<Duration>> {
    let mut delays = Vec::with_capacity(crowd);
    let all = async {
        while delays.len() < crowd {
            let (progress, at) = told.recv().await?;
            if progress == number {
                delays.push(at.saturating_duration_since(committed));
            }
        }
        Some(())
    };
    let in_time = tokio::time::timeout(PATIENCE, all).await;
    if matches!(in_time, Ok(Some(()))) {
        return Ok(delays);
    }
    Err(format!("click {number} was told to {} of {crowd} overlays", delays.len()).into())
}

fn report(mut delays: Vec<Duration>, clicks: usize) {
    delays.sort_unstable();
    let percentile = |share: usize| {
        let delay = delays.get(delays.len().saturating_sub(1) * share / 100);
        delay.copied().unwrap_or_default().as_secs_f64() * 1_000.0
    };
    println!("clicks       {clicks}, each told to every overlay");
    println!("delay        p50 {:.1} ms", percentile(50));
    println!("             p99 {:.1} ms", percentile(99));
    println!("             max {:.1} ms", percentile(100));
}

/// What the crowd watches.
struct Stage {
    /// The address of the overlay's events.
    stream: String,
    /// The reward on Twitch.
    reward: String,
    /// The channel's Twitch id.
    channel: String,
}

async fn set_up(door: &Door, key: &str) -> Outcome<Stage> {
    door.go_live("alice", 10_000).await?;
    let campaign = door.campaign().await?;
    let alice = door.join(&campaign, "alice", key).await?;
    let event = json!({
        "slug": "overlay-crowd", "name": "Overlay crowd", "description": "",
        "scope": "individual", "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "all looked" } },
        "cost": 1, "objectiveCoefficient": 10.0, "minimumObjective": 1, "duration": 3600,
    });
    let event = door.event(&campaign, event).await?;
    let reward = door.offer(&campaign, &alice, &event, key).await?;
    let id = campaign.rsplit('/').next().unwrap_or_default();
    let wish = json!({ "campaignId": id, "streamerId": alice });
    let made = door.call(Method::POST, &format!("{}/overlays", door.api()), key, wish).await?;
    let address = text(&made, "streamUrl")?;
    let path = address.find("/overlay/").and_then(|at| address.get(at..)).unwrap_or_default();
    let me = format!("{}/me", door.api());
    let me = door.call(Method::GET, &me, key, Value::Null).await?;
    let channel = me.pointer("/user/twitchId").and_then(Value::as_str).ok_or("no channel")?;
    let stream = format!("{}{path}", door.server);
    Ok(Stage { stream, reward, channel: channel.to_owned() })
}

/// The overlays, each on a connection of its own, after their snapshots.
async fn connect(
    stream: &str,
    crowd: usize,
    tell: &mpsc::UnboundedSender<Told>,
    left: &watch::Receiver<()>,
) -> Outcome<JoinSet<Outcome<()>>> {
    // Without a time limit; every stream has a connection of its own.
    let client = Client::builder().no_proxy().http1_only().build()?;
    let (mut overlays, (ready, mut is_ready)) = (JoinSet::new(), mpsc::channel(CONNECTING));
    let mut waiting = 0;
    for _ in 0..crowd {
        let overlay = Overlay { tell: tell.clone(), left: left.clone(), ready: ready.clone() };
        overlays.spawn(overlay.watch(client.get(stream)));
        waiting += 1;
        if waiting == CONNECTING {
            is_ready.recv().await.ok_or("an overlay did not connect")?;
            waiting -= 1;
        }
    }
    for _ in 0..waiting {
        is_ready.recv().await.ok_or("an overlay did not connect")?;
    }
    Ok(overlays)
}

struct Overlay {
    tell: mpsc::UnboundedSender<Told>,
    left: watch::Receiver<()>,
    ready: mpsc::Sender<()>,
}

impl Overlay {
    async fn watch(mut self, stream: RequestBuilder) -> Outcome<()> {
        let mut answer = stream.send().await?.error_for_status()?;
        let (mut unread, mut was_ready) = (Vec::new(), false);
        loop {
            let bytes = tokio::select! {
                _ = self.left.changed() => return Ok(()),
                bytes = answer.chunk() => bytes?.ok_or("a stream ended")?,
            };
            let now = Instant::now();
            unread.extend_from_slice(&bytes);
            while let Some(end) = unread.windows(2).position(|pair| pair == b"\n\n") {
                let frame: Vec<u8> = unread.drain(..end + 2).collect();
                let (kind, data) = read(&frame);
                if kind == "snapshot" && !was_ready {
                    was_ready = true;
                    self.ready.send(()).await?;
                }
                if kind == "gamification:progress" {
                    let progress = data["currentProgress"].as_u64().ok_or("no progress")?;
                    self.tell.send((usize::try_from(progress)?, now))?;
                }
            }
        }
    }
}

/// The type of an event and its data.
fn read(frame: &[u8]) -> (String, Value) {
    let frame = String::from_utf8_lossy(frame);
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name));
    let data = field("data: ").and_then(|data| serde_json::from_str(data).ok());
    (field("event: ").unwrap_or_default().to_owned(), data.unwrap_or_default())
}
