//! The transitions of a goal. Each is allowed in exactly the states of the picture in 2-domain §3.1
//! and refused with a typed error everywhere else, so nothing can be done twice.

use super::{
    CancelReason, Cooldown, CooldownTerms, Effect, ExecutionReport, FailureReason, Instance,
    InstanceState, InstanceStatus, Participant, Transition,
};
use crate::announcement::Announcement;
use crate::ids::StreamerId;
use crate::objective::{self, Coefficient};
use crate::redemption::Direction;
use crate::time::Timestamp;
use crate::vtt::GoalRoll;

/// A click that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Click<'a> {
    /// On whose channel.
    pub streamer_id: StreamerId,
    /// Who clicked, for the overlay.
    pub viewer_name: &'a str,
}

/// Why a transition is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// The goal is in another state.
    #[error("the goal is {0:?}")]
    WrongState(InstanceStatus),
    /// Its deadline has passed; it has to be expired first.
    #[error("the goal's time is over")]
    PastDeadline,
    /// Its deadline has not passed.
    #[error("the goal's time is not over yet")]
    NotDue,
    /// That channel does not take part.
    #[error("the channel does not take part in this goal")]
    NotAParticipant,
}

type Outcome = Result<Transition, TransitionError>;

impl Instance {
    /// Counts one click, whatever it cost. The click that reaches the objective arms or completes
    /// the goal; nothing counts after that.
    ///
    /// # Errors
    /// Unless the goal is active, in time, and the channel takes part.
    pub fn contribute(mut self, click: Click<'_>, now: Timestamp) -> Outcome {
        let InstanceState::Active { expires_at } = self.state else {
            return Err(TransitionError::WrongState(self.status()));
        };
        if expires_at <= now {
            return Err(TransitionError::PastDeadline);
        }
        let participant = self
            .participants
            .iter_mut()
            .find(|p| p.streamer_id == click.streamer_id && !p.has_left)
            .ok_or(TransitionError::NotAParticipant)?;
        participant.contributions += 1;
        self.progress += 1;
        let progress = Announcement::progress(&self, click.viewer_name);
        Ok(self.after_change(progress, now))
    }

    /// Takes a channel out of an open group goal: its counted clicks stay, the target drops by what
    /// it still owed, which may reach the objective.
    ///
    /// # Errors
    /// Unless the goal is open and the channel takes part.
    pub fn leave(mut self, streamer: StreamerId, now: Timestamp) -> Outcome {
        if !self.is_open() {
            return Err(TransitionError::WrongState(self.status()));
        }
        let participant = self
            .participants
            .iter_mut()
            .find(|p| p.streamer_id == streamer && !p.has_left)
            .ok_or(TransitionError::NotAParticipant)?;
        participant.has_left = true;
        let owed = participant.local_objective.saturating_sub(participant.contributions);
        if self.status() != InstanceStatus::Active {
            let changed = Announcement::objective_changed(&self);
            return Ok(Transition { announcements: vec![changed], ..Transition::quiet(self) });
        }
        self.target = self.target.saturating_sub(owed).max(1);
        let changed = Announcement::objective_changed(&self);
        Ok(self.after_change(changed, now))
    }

    /// Gives an active goal the target that its audience now asks for
    /// ([`objective::recalculated`]).
    ///
    /// # Errors
    /// Unless the goal is active, and the target above the progress already made.
    pub fn retarget(mut self, target: u32) -> Outcome {
        if self.status() != InstanceStatus::Active || target <= self.progress {
            return Err(TransitionError::WrongState(self.status()));
        }
        self.target = target;
        let announcements = vec![Announcement::objective_changed(&self)];
        Ok(Transition { instance: self, effects: Vec::new(), announcements })
    }

    /// Gives an active goal the target that its channels' audiences ask for now, each channel's own
    /// objective first. A channel whose audience is not known, or changed by less than 20 %, keeps
    /// its objective; who left keeps what was clicked. Each count that is taken over is the old one
    /// of the next time. `None` when no count changed enough.
    ///
    /// # Errors
    /// Unless the goal is active.
    pub fn follow_audiences(
        mut self,
        viewers: &[(StreamerId, Option<u32>)],
        coefficient: Coefficient,
        minimum: u32,
    ) -> Result<Option<Transition>, TransitionError> {
        if self.status() != InstanceStatus::Active {
            return Err(TransitionError::WrongState(self.status()));
        }
        let before = self.participants.clone();
        for participant in self.participants.iter_mut().filter(|p| !p.has_left) {
            let known = viewers.iter().find(|(id, _)| *id == participant.streamer_id);
            let Some(count) = known.and_then(|(_, count)| *count) else { continue };
            if objective::is_another_audience(participant.viewer_count, count) {
                participant.viewer_count = count;
                participant.local_objective = objective::individual(count, coefficient, minimum);
            }
        }
        if self.participants == before {
            return Ok(None);
        }
        let share = |p: &Participant| match p.has_left {
            true => p.local_objective.min(p.contributions),
            false => p.local_objective,
        };
        let sum = self.participants.iter().map(share).fold(0_u32, u32::saturating_add);
        let target = sum.max(self.progress.saturating_add(1));
        if target == self.target {
            let has_moved = shares(&before) != shares(&self.participants);
            let changed = has_moved.then(|| Announcement::objective_changed(&self));
            let announcements = changed.into_iter().collect();
            return Ok(Some(Transition { announcements, ..Transition::quiet(self) }));
        }
        self.retarget(target).map(Some)
    }

    /// Uses a matching critical on an armed goal, which completes it.
    ///
    /// # Errors
    /// Unless the goal is armed and in time.
    pub fn consume(mut self, roll: GoalRoll, now: Timestamp) -> Outcome {
        let InstanceState::Armed { armed_until, .. } = self.state else {
            return Err(TransitionError::WrongState(self.status()));
        };
        if armed_until <= now {
            return Err(TransitionError::PastDeadline);
        }
        let consumed = Announcement::instance_consumed(&self, &roll);
        self.trigger.dice_roll = Some(roll);
        let mut transition = self.completed(now);
        transition.announcements.insert(0, consumed);
        Ok(transition)
    }

    /// Ends a goal whose time is over: expired while active or armed, failed while executing.
    ///
    /// # Errors
    /// Unless the goal is open and its deadline has passed.
    pub fn expire(mut self, now: Timestamp) -> Outcome {
        let deadline = self.deadline().ok_or(TransitionError::WrongState(self.status()))?;
        if deadline > now {
            return Err(TransitionError::NotDue);
        }
        if matches!(self.state, InstanceState::Executing { .. }) {
            let message = "the table did not confirm in time".to_owned();
            return self.fail(FailureReason::Deadline, message, now);
        }
        let was_armed = self.status() == InstanceStatus::Armed;
        self.state = InstanceState::Expired { expired_at: now, was_armed };
        let announcement = Announcement::instance_expired(&self);
        Ok(Transition::refunded(self, announcement))
    }

    /// Stops a goal that has not been completed.
    ///
    /// # Errors
    /// Unless the goal is active or armed.
    pub fn cancel(mut self, reason: CancelReason, note: Option<String>, now: Timestamp) -> Outcome {
        if !matches!(self.status(), InstanceStatus::Active | InstanceStatus::Armed) {
            return Err(TransitionError::WrongState(self.status()));
        }
        self.state = InstanceState::Cancelled { cancelled_at: now, reason, note };
        let announcement = Announcement::instance_cancelled(&self, reason);
        Ok(Transition::refunded(self, announcement))
    }

    /// Stops a completed goal of which nothing was sent to the table: it fails, and the points go
    /// back.
    ///
    /// # Errors
    /// Unless the goal is being executed. That nothing was sent is the caller's to know.
    pub fn veto(self, note: Option<String>, now: Timestamp) -> Outcome {
        let message = note.unwrap_or_else(|| "the game master stopped it".to_owned());
        self.fail(FailureReason::Vetoed, message, now)
    }

    /// Records that the table confirmed the effect: the points are spent.
    ///
    /// # Errors
    /// Unless the goal is being executed. The deadline does not matter here: who locks first, wins.
    pub fn executed(mut self, report: ExecutionReport, now: Timestamp) -> Outcome {
        let InstanceState::Executing { completed_at, .. } = self.state else {
            return Err(TransitionError::WrongState(self.status()));
        };
        let announcement = Announcement::action_executed(&self, &report);
        let report = Box::new(report);
        self.state = InstanceState::Executed { completed_at, executed_at: now, report };
        Ok(Transition {
            instance: self,
            effects: vec![Effect::Settle(Direction::Fulfil), Effect::ReleaseWaitingCooldowns],
            announcements: vec![announcement],
        })
    }

    /// Records that there will be no effect: the points go back and the cooldown is cleared.
    ///
    /// # Errors
    /// Unless the goal is being executed.
    pub fn fail(mut self, reason: FailureReason, message: String, now: Timestamp) -> Outcome {
        let InstanceState::Executing { completed_at, .. } = self.state else {
            return Err(TransitionError::WrongState(self.status()));
        };
        let announcement = Announcement::action_failed(&self, reason, &message);
        self.state = InstanceState::Failed { completed_at, failed_at: now, reason, message };
        self.cooldown = None;
        Ok(Transition::refunded(self, announcement))
    }

    fn after_change(self, announcement: Announcement, now: Timestamp) -> Transition {
        let mut transition = if self.progress < self.target {
            Transition::quiet(self)
        } else if self.terms.arms {
            self.armed(now)
        } else {
            self.completed(now)
        };
        transition.announcements.insert(0, announcement);
        transition
    }

    fn armed(mut self, now: Timestamp) -> Transition {
        let armed_until = now.plus_seconds(self.terms.armed_ttl_seconds);
        self.state = InstanceState::Armed { armed_at: now, armed_until };
        let announcements = vec![Announcement::instance_armed(&self, armed_until)];
        Transition { instance: self, effects: Vec::new(), announcements }
    }

    fn completed(mut self, now: Timestamp) -> Transition {
        self.cooldown = match self.terms.cooldown {
            CooldownTerms::None => None,
            CooldownTerms::Seconds(seconds) => Some(Cooldown::Until(now.plus_seconds(seconds))),
            CooldownTerms::GmValidation => Some(Cooldown::UntilReleased),
            CooldownTerms::EventComplete(event) => Some(Cooldown::UntilExecuted(event)),
        };
        let veto_seconds = self.terms.veto_seconds;
        let veto_until = now.plus_seconds(veto_seconds);
        self.state = InstanceState::Executing {
            completed_at: now,
            execution_deadline: veto_until.plus_seconds(self.terms.execution_deadline_seconds),
            veto_until: (veto_seconds > 0).then_some(veto_until),
        };
        let announcements = vec![Announcement::instance_completed(&self)];
        Transition { instance: self, effects: vec![Effect::Execute], announcements }
    }
}

fn shares(participants: &[Participant]) -> Vec<u32> {
    participants.iter().map(|participant| participant.local_objective).collect()
}

impl Transition {
    const fn quiet(instance: Instance) -> Self {
        Self { instance, effects: Vec::new(), announcements: Vec::new() }
    }

    fn refunded(instance: Instance, announcement: Announcement) -> Self {
        Self {
            instance,
            effects: vec![Effect::Settle(Direction::Refund)],
            announcements: vec![announcement],
        }
    }
}
