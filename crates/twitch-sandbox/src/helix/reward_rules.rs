//! What a reward may be.

use serde::Deserialize;
use uuid::Uuid;

use crate::clock;
use crate::error::ApiError;
use crate::store::entities::reward;

/// Rewards on one channel, disabled ones included.
pub(super) const MAX_REWARDS: usize = 50;

const MAX_TITLE_CHARS: usize = 45;
const MAX_PROMPT_CHARS: usize = 200;
const MAX_COOLDOWN_S: i64 = 604_800;
const DEFAULT_COLOUR: &str = "#00E5CB";

/// The body of a creation or of a change: what is absent stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RewardBody {
    pub(super) title: Option<String>,
    pub(super) cost: Option<i64>,
    prompt: Option<String>,
    background_color: Option<String>,
    is_enabled: Option<bool>,
    pub(super) is_paused: Option<bool>,
    is_user_input_required: Option<bool>,
    is_max_per_stream_enabled: Option<bool>,
    max_per_stream: Option<i64>,
    is_max_per_user_per_stream_enabled: Option<bool>,
    max_per_user_per_stream: Option<i64>,
    is_global_cooldown_enabled: Option<bool>,
    global_cooldown_seconds: Option<i64>,
    should_redemptions_skip_request_queue: Option<bool>,
}

impl RewardBody {
    /// Writes what is present into the reward and checks the whole.
    pub(super) fn apply(self, reward: &mut reward::Model) -> Result<(), ApiError> {
        set(&mut reward.title, self.title);
        set(&mut reward.cost, self.cost);
        set(&mut reward.prompt, self.prompt);
        set(&mut reward.background_color, self.background_color);
        set(&mut reward.is_enabled, self.is_enabled);
        set(&mut reward.is_paused, self.is_paused);
        set(&mut reward.is_user_input_required, self.is_user_input_required);
        set(&mut reward.is_max_per_stream_enabled, self.is_max_per_stream_enabled);
        set(&mut reward.max_per_stream, self.max_per_stream);
        set(
            &mut reward.is_max_per_user_per_stream_enabled,
            self.is_max_per_user_per_stream_enabled,
        );
        set(&mut reward.max_per_user_per_stream, self.max_per_user_per_stream);
        set(&mut reward.is_global_cooldown_enabled, self.is_global_cooldown_enabled);
        set(&mut reward.global_cooldown_seconds, self.global_cooldown_seconds);
        set(&mut reward.skips_queue, self.should_redemptions_skip_request_queue);
        check(reward)
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// A reward with Twitch's defaults, not yet valid: it lacks its title and cost.
pub(super) fn blank(broadcaster_id: &str, client_id: &str) -> reward::Model {
    reward::Model {
        id: Uuid::new_v4().to_string(),
        broadcaster_id: broadcaster_id.to_owned(),
        client_id: client_id.to_owned(),
        title: String::new(),
        prompt: String::new(),
        cost: 0,
        background_color: DEFAULT_COLOUR.to_owned(),
        is_enabled: true,
        is_paused: false,
        is_user_input_required: false,
        skips_queue: false,
        is_max_per_stream_enabled: false,
        max_per_stream: 0,
        is_max_per_user_per_stream_enabled: false,
        max_per_user_per_stream: 0,
        is_global_cooldown_enabled: false,
        global_cooldown_seconds: 0,
        cooldown_expires_at_ns: None,
        created_at_ns: clock::now_ns(),
    }
}

/// Refuses what no reward may be.
pub(crate) fn check(reward: &reward::Model) -> Result<(), ApiError> {
    let limit = |enabled: bool, value: i64, max: i64| !enabled || (1..=max).contains(&value);
    let rules = [
        (
            !reward.title.trim().is_empty() && reward.title.chars().count() <= MAX_TITLE_CHARS,
            "The title must contain 1 to 45 characters",
        ),
        (reward.cost >= 1, "The cost must be at least 1"),
        (
            reward.prompt.chars().count() <= MAX_PROMPT_CHARS,
            "The prompt must not exceed 200 characters",
        ),
        (is_colour(&reward.background_color), "The background_color must have the form #RRGGBB"),
        (
            limit(reward.is_max_per_stream_enabled, reward.max_per_stream, i64::MAX),
            "The max_per_stream must be at least 1",
        ),
        (
            limit(
                reward.is_max_per_user_per_stream_enabled,
                reward.max_per_user_per_stream,
                i64::MAX,
            ),
            "The max_per_user_per_stream must be at least 1",
        ),
        (
            limit(
                reward.is_global_cooldown_enabled,
                reward.global_cooldown_seconds,
                MAX_COOLDOWN_S,
            ),
            "The global_cooldown_seconds must be between 1 and 604800",
        ),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        Some((_, message)) => Err(ApiError::bad_request(message)),
        None => Ok(()),
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
