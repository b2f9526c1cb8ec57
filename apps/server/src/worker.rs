//! The loops around the core's worker steps. Each step is deterministic, idempotent and claims what
//! it works on, so several nodes may run the same loop.

use crate::metrics::Metrics;
use crate::overlay_sightings::SightingBoard;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use gamification_core::ports::{Wakeup, WakeupStream};
use gamification_core::service::{Gamification, Served};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The longest pause after failures in a row.
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// How long a fact stays in the event log, in seconds.
const LOG_SECONDS: u32 = 48 * 3600;
/// How many facts of each campaign stay in the log however old they are.
const LOG_FACTS_MIN: u32 = 10_000;

type Run = for<'a> fn(&'a Worker) -> BoxFuture<'a, Served<u64>>;

/// One kind of work.
#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    /// How often it looks without being woken.
    period: Duration,
    /// The shortest time from one look to the next.
    gap: Duration,
    /// Whether it looks at once when any campaign changed, not only when there is work.
    follows_campaigns: bool,
    /// How many loops do it at the same time.
    loops: u32,
    run: Run,
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// How many channels are settled at the same time.
const SETTLING_LOOPS: u32 = 16;

impl Step {
    /// A step that looks when there is work, in one loop.
    const fn new(name: &'static str, period: Duration, gap: Duration, run: Run) -> Self {
        Self { name, period, gap, follows_campaigns: false, loops: 1, run }
    }
}

/// Every step. `twitch_poll` is how often Twitch is asked what it has, whatever it told.
fn steps(twitch_poll: Duration) -> [Step; 13] {
    [
        Step::new("drive_commands", millis(500), millis(10), |w| w.core.drive_commands().boxed()),
        Step::new("sweep_overdue", millis(500), millis(100), |w| w.core.sweep_overdue().boxed()),
        Step {
            loops: SETTLING_LOOPS,
            ..Step::new("settle_due", millis(500), millis(10), |w| w.core.settle_due().boxed())
        },
        Step {
            follows_campaigns: true,
            ..Step::new("reconcile_rewards", millis(2_000), millis(250), |w| {
                w.core.reconcile_rewards().boxed()
            })
        },
        Step::new("find_missed_redemptions", twitch_poll, twitch_poll, |w| {
            find_missed_redemptions(w).boxed()
        }),
        Step::new("inspect_rewards", twitch_poll, twitch_poll, |w| {
            w.core.inspect_rewards().boxed()
        }),
        Step::new("recalculate_objectives", millis(60_000), millis(60_000), |w| {
            w.core.recalculate_objectives().boxed()
        }),
        Step::new("say_notices", millis(5_000), millis(500), |w| w.core.say_notices().boxed()),
        Step::new("sweep_absent_tables", millis(2_000), millis(500), |w| {
            w.core.sweep_absent_tables().boxed()
        }),
        Step::new("sweep_ended_combats", millis(500), millis(100), |w| {
            w.core.sweep_ended_combats().boxed()
        }),
        Step::new("delete_leaving_campaigns", millis(5_000), millis(500), |w| {
            w.core.delete_leaving_campaigns().boxed()
        }),
        Step::new("record_sightings", millis(5_000), millis(5_000), |w| {
            w.sightings.write(&w.core).boxed()
        }),
        Step::new("prune", millis(3_600_000), millis(60_000), |w| prune(&w.core).boxed()),
    ]
}

/// Starts every loop; each ends with the step that it is in when `shutdown` comes.
pub fn start(
    core: &Arc<Gamification>,
    metrics: &Arc<Metrics>,
    sightings: &Arc<SightingBoard>,
    twitch_poll: Duration,
    tasks: &TaskTracker,
    shutdown: &CancellationToken,
) {
    for step in steps(twitch_poll) {
        for _ in 0..step.loops {
            let worker = Worker {
                step,
                core: Arc::clone(core),
                metrics: Arc::clone(metrics),
                sightings: Arc::clone(sightings),
            };
            tasks.spawn(worker.run(shutdown.clone()));
        }
    }
}

struct Worker {
    step: Step,
    core: Arc<Gamification>,
    metrics: Arc<Metrics>,
    sightings: Arc<SightingBoard>,
}

impl Worker {
    async fn run(self, shutdown: CancellationToken) {
        let mut wakeups = self.core.ports().broadcaster.subscribe();
        let mut failures = 0;
        while !shutdown.is_cancelled() {
            let did_something = self.look(&mut failures).await;
            let pause = async {
                if failures > 0 {
                    return tokio::time::sleep(backoff(self.step.period, failures)).await;
                }
                tokio::time::sleep(self.step.gap).await;
                if !did_something {
                    let rest = self.step.period.saturating_sub(self.step.gap);
                    let woken = self.woken(&mut wakeups);
                    // Woken or not, it looks again.
                    let _ = tokio::time::timeout(rest, woken).await;
                }
            };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                () = pause => {}
            }
        }
    }

    async fn look(&self, failures: &mut u32) -> bool {
        let name = self.step.name;
        let outcome = AssertUnwindSafe((self.step.run)(self)).catch_unwind().await;
        match outcome {
            Ok(Ok(done)) => {
                if *failures > 0 {
                    tracing::info!(step = name, failures, "a worker step works again");
                }
                *failures = 0;
                done > 0
            }
            Ok(Err(error)) => {
                *failures += 1;
                self.metrics.count_worker_failure(name);
                tracing::warn!(step = name, failures, %error, "a worker step failed");
                false
            }
            Err(_) => {
                *failures += 1;
                self.metrics.count_worker_failure(name);
                tracing::error!(step = name, failures, "a worker step panicked");
                false
            }
        }
    }

    /// Returns when a wake-up concerns this step; never when no more of them come.
    async fn woken(&self, wakeups: &mut WakeupStream) {
        while let Some(wakeup) = wakeups.next().await {
            match wakeup {
                Wakeup::Work | Wakeup::All => return,
                Wakeup::Campaign(_) if self.step.follows_campaigns => return,
                Wakeup::Campaign(_) => {}
            }
        }
        std::future::pending().await
    }
}

fn backoff(period: Duration, failures: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(failures.min(16) - 1);
    period.saturating_mul(doubled).min(BACKOFF_MAX)
}

async fn find_missed_redemptions(worker: &Worker) -> Served<u64> {
    let missed = worker.core.find_missed_redemptions().await?;
    worker.metrics.count_missed(missed);
    Ok(missed.found)
}

/// Forgets what nobody asks for any more.
async fn prune(core: &Gamification) -> Served<u64> {
    let ports = core.ports();
    let before = ports.clock.now().minus_seconds(LOG_SECONDS);
    let mut unit = ports.store.begin().await?;
    let mut forgotten = unit.outbox().prune(before).await?;
    forgotten += unit.log().prune(before, LOG_FACTS_MIN).await?;
    unit.commit().await?;
    Ok(forgotten + core.prune_sessions().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_after_failures_doubles_up_to_a_limit() {
        assert_eq!(backoff(millis(500), 1), millis(500));
        assert_eq!(backoff(millis(500), 3), millis(2_000));
        assert_eq!(backoff(millis(500), 40), BACKOFF_MAX);
    }
}
