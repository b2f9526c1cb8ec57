//! What a failed call means for a reward.

use crate::helix::CallFailure;
use gamification_core::ports::RewardError;
use http::StatusCode;

/// Another reward of the channel has the title; Twitch's word for it in a creation and a change.
const DUPLICATE: [&str; 2] =
    ["CREATE_CUSTOM_REWARD_DUPLICATE_REWARD", "UPDATE_CUSTOM_REWARD_DUPLICATE_REWARD"];

/// The channel is full.
const TOO_MANY: &str = "CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS";

/// What was tried: a 403 has two meanings, and only one without a reward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// Something on a channel.
    OnChannel,
    /// Something with one reward.
    OnReward,
}

pub(super) fn reward_error(failure: CallFailure, operation: Operation) -> RewardError {
    match failure {
        CallFailure::LoginNeeded => RewardError::LoginNeeded,
        CallFailure::RateLimited { after_seconds } => {
            RewardError::Unavailable { after_seconds, reason: failure.to_string() }
        }
        CallFailure::NotNow(reason) | CallFailure::Doubtful(reason) => {
            RewardError::Unavailable { after_seconds: None, reason }
        }
        CallFailure::ScopeMissing(reason) => RewardError::Refused(reason),
        CallFailure::Refused { status: StatusCode::NOT_FOUND, .. } => RewardError::Missing,
        CallFailure::Refused { status: StatusCode::FORBIDDEN, message } => {
            if operation == Operation::OnChannel || is_about_eligibility(&message) {
                RewardError::NotEligible
            } else {
                RewardError::NotOurs
            }
        }
        CallFailure::Refused { message, .. } if DUPLICATE.iter().any(|it| message.contains(it)) => {
            RewardError::DuplicateTitle
        }
        CallFailure::Refused { message, .. } if message.contains(TOO_MANY) => {
            RewardError::TooManyRewards
        }
        CallFailure::Refused { status, message } if message.is_empty() => {
            RewardError::Refused(format!("status {}", status.as_u16()))
        }
        CallFailure::Refused { message, .. } => RewardError::Refused(message),
    }
}

/// Whether a 403 speaks of the channel's status, not of whose the reward is.
pub(super) fn is_about_eligibility(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("affiliate") || message.contains("partner")
}

/// The reward was made but not paused: whatever the reason, the caller has to look for it.
pub(super) fn of_half_a_creation(failure: CallFailure) -> RewardError {
    let after_seconds = match failure {
        CallFailure::RateLimited { after_seconds } => after_seconds,
        _ => None,
    };
    let reason = format!("the reward was made, but could not be paused: {failure}");
    RewardError::Unavailable { after_seconds, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, message: &str) -> CallFailure {
        let status = StatusCode::from_u16(status).unwrap();
        CallFailure::Refused { status, message: message.to_owned() }
    }

    #[test]
    fn only_the_code_of_a_duplicate_is_a_duplicate() {
        let meaning = |message| reward_error(refused(400, message), Operation::OnChannel);
        assert_eq!(meaning("CREATE_CUSTOM_REWARD_DUPLICATE_REWARD"), RewardError::DuplicateTitle);
        assert_eq!(meaning("UPDATE_CUSTOM_REWARD_DUPLICATE_REWARD"), RewardError::DuplicateTitle);
        assert_eq!(meaning("CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS"), RewardError::TooManyRewards);
        let other = "The title must be unique and must contain 1 to 45 characters";
        assert_eq!(meaning(other), RewardError::Refused(other.to_owned()));
        assert_eq!(meaning(""), RewardError::Refused("status 400".to_owned()));
    }

    #[test]
    fn a_403_is_about_the_channel_or_about_the_reward() {
        let plain = "The broadcaster must have partner or affiliate status";
        let foreign = "The ID in the Client-Id header must match the client ID used to create \
                       the custom reward";
        let meaning = |message, operation| reward_error(refused(403, message), operation);
        assert_eq!(meaning(plain, Operation::OnChannel), RewardError::NotEligible);
        assert_eq!(meaning(plain, Operation::OnReward), RewardError::NotEligible);
        assert_eq!(meaning(foreign, Operation::OnReward), RewardError::NotOurs);
    }
}
