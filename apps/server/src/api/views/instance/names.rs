use super::super::names::names;
use gamification_core::instance::{
    CancelReason, EffectType, ExecutionStatus, FailureReason, InstanceStatus, OpenedBy, TargetKind,
};

names! {
    /// Where a goal stands.
    InstanceStatusName as "GoalStatus" = InstanceStatus {
        /// Collects clicks.
        Active,
        /// Has all clicks and waits for a critical roll.
        Armed,
        /// Has reached its end; see the execution status.
        Completed,
        /// Ran out of time.
        Expired,
        /// Was stopped.
        Cancelled,
    }
}

names! {
    /// Of a completed goal: whether the table has confirmed.
    ExecutionStatusName as "ExecutionStatus" = ExecutionStatus {
        /// Not yet.
        Pending,
        /// Yes: the points are spent.
        Executed,
        /// It could not: the points go back.
        Failed,
    }
}

names! {
    /// What opened a goal.
    OpenedByName as "OpenedBy" = OpenedBy {
        /// A viewer's first click.
        Redemption,
        /// A critical roll.
        Critical,
        /// The game master.
        Manual,
        /// A trigger that was fed through the API.
        Trigger,
    }
}

names! {
    /// Why a goal was cancelled.
    CancelReasonName as "CancelReason" = CancelReason {
        /// The game master stopped it.
        Gm,
        /// The game master switched the event off.
        EventDisabled,
        /// The streamer switched the event off or took the authorisation back.
        StreamerWithdrew,
        /// The channel's reward was replaced by a fresh one.
        RewardRecreated,
        /// The combat that it belonged to ended.
        CombatEnded,
        /// The session was ended.
        SessionEnded,
        /// The streamer left the campaign.
        MemberLeft,
        /// The campaign is being deleted.
        CampaignDeleted,
    }
}

names! {
    /// Why a completed goal had no effect.
    FailureReasonName as "FailureReason" = FailureReason {
        /// The table did not confirm in time.
        Deadline,
        /// The table said that it could not do it.
        Table,
        /// The action could not be turned into commands.
        Unplannable,
        /// The game master stopped it before anything was sent to the table.
        Vetoed,
    }
}

names! {
    /// What kind of thing an effect fell on.
    TargetKindName as "EffectTargetKind" = TargetKind {
        /// A spell of a character.
        Spell,
        /// Somebody in a combat who is no player's.
        Monster,
    }
}

names! {
    /// What an effect does.
    EffectTypeName as "EffectType" = EffectType {
        /// It seals the spell for a while.
        Disable,
        /// It strengthens.
        Buff,
        /// It weakens.
        Debuff,
    }
}
