### The records of the console: points, history, statistics, audit, settings.

list-parts = Parts of the list
list-newest = The newest
list-older = Older ones

## Points.

ledger-numbers = Where all points are
ledger-equation = Received = spent + returned + waiting + stuck, at every moment. Several records of the points, written independently of each other, are compared.
ledger-balanced = Balanced: all records of the points agree.
ledger-unbalanced = Not balanced: the records of the points do not agree.
ledger-does-not-add-up = The parts do not make up what was received.
ledger-differences = The differences
ledger-check = What was compared
ledger-about = About
ledger-left = One says
ledger-right = The other says
check-journal = The journal of all points against the clicks
check-redemptions = The clicks against the goals
check-goals = The goals against themselves
check-other = Two records of the same
ledger-received = Received
ledger-fulfilled = Spent
ledger-refunded = Returned
ledger-pending = Waiting
ledger-stuck = Stuck
ledger-points =
    { $count ->
        [one] { $shown } point
       *[other] { $shown } points
    }
ledger-by-channel = The same for each channel
ledger-channel = Channel
ledger-channel-unbalanced = does not add up
ledger-clicks = Every click
ledger-filter = Which clicks are shown
ledger-all = All
ledger-meanings = What each outcome means
ledger-no-clicks = There are no such clicks.
ledger-counted-for = The goal it counts for
ledger-retry = Try again
settled-externally = Settled on Twitch by a moderator, or by Twitch itself.
settlement-pending = Waits for its goal
settlement-fulfil-due = Being spent
settlement-refund-due = Being returned
settlement-fulfilled = Spent
settlement-refunded = Returned
settlement-stuck = Stuck
settlement-means-pending = The goal it counts for has not ended. The points stay in the reward’s request queue on Twitch.
settlement-means-fulfil-due = The effect was confirmed. Twitch is being told that the points are spent.
settlement-means-refund-due = The click did not count, or its goal had no effect. Twitch is being told to give the points back.
settlement-means-fulfilled = The effect happened at the table; the points are spent.
settlement-means-refunded = The viewer has the points back.
settlement-means-stuck = Twitch cannot be told what to do with it. The reason stands beside it; once that is mended, try again.
done-click-retried = It is being tried again.

## Who did what.

audit-lead = Everything that people changed in this campaign, and what the service did by itself.
audit-none = Nothing was done yet.
audit-service = by itself
audit-goal = to the goal
audit-yes = yes
audit-no = no
audit-campaign-created = Made the campaign
audit-campaign-changed = Changed the settings
audit-campaign-deleted = Began to delete the campaign
audit-session-started = Started a session
audit-session-ended = Ended the session
audit-panic-started = Stopped everything
audit-panic-ended = Let everything go on
audit-cooldown-released = Ended the pause of an event
audit-cooldowns-reset = Ended every pause
audit-goal-started = Started a goal
audit-goal-cancelled = Stopped a goal
audit-goals-cancelled = Stopped every goal
audit-trigger-fed = Set off a trigger
audit-event-enabled = Switched an event on
audit-event-disabled = Switched an event off
audit-event-configured = Changed an event of the campaign
audit-event-created = Made an event
audit-event-changed = Changed an event
audit-event-deleted = Deleted an event
audit-opt-in-enabled = Offered an event on a channel
audit-opt-in-disabled = Took an event off a channel
audit-opt-in-changed = Changed an offer
audit-opt-in-switched-off = Switched an offer off, because of what was found on Twitch
audit-member-invited = Invited a streamer
audit-member-accepted = Accepted the invitation
audit-member-removed = Removed a streamer
audit-member-authorised = Let rewards appear on the channel
audit-member-withdrew = Took the channel’s rewards back
audit-member-chat-notices = Changed the notices in the chat
audit-character-assigned = Said whose character it is
audit-roll-attributed = Said whose roll it was
audit-criticality-rule-added = Added a rule of what is critical
audit-criticality-rule-removed = Removed a rule of what is critical
audit-redemption-retried = Tried a stuck click again
audit-command-undone = Took an effect back
audit-table-cleaned = Cleaned the table up
audit-table-synchronised = Had the table tell its characters anew
audit-world-paired = Paired a world
audit-world-revoked = Removed a world
audit-world-reauthorized = Let a world in again
audit-overlay-created = Made an overlay address
audit-overlay-rotated = Replaced an overlay address
audit-overlay-deleted = Removed an overlay address
audit-key-created = Made an API key
audit-key-revoked = Revoked an API key
audit-login-recorded = Connected a channel with Twitch
audit-login-lost = Lost the connection of a channel with Twitch
audit-login-session-started = Signed in
audit-login-session-ended = Signed out
audit-user-created = Met a new person
audit-user-saved = Changed what a person may do
audit-detail-userId = Person
audit-detail-streamerId = Channel
audit-detail-ownerId = Game master
audit-detail-eventId = Event
audit-detail-instanceId = Goal
audit-detail-name = Name
audit-detail-slug = Short name
audit-detail-note = Note
audit-detail-count = How many
audit-detail-ended = How many ended
audit-detail-reason = Reason
audit-detail-role = Role
audit-detail-login = Login
audit-detail-cost = Price
audit-detail-costOverride = Own price
audit-detail-objectiveCoefficient = Difficulty
audit-detail-minimumObjective = At least
audit-detail-duration = Seconds to fill it
audit-detail-cooldown = Seconds of pause
audit-detail-gameSystem = Game system
audit-detail-policies = Rules
audit-detail-rule = Rule
audit-detail-authorisedUntil = Until
audit-detail-hasChatNotices = Notices in the chat
audit-detail-expiresAt = Until
audit-detail-endedAt = At
audit-detail-startedAt = At
audit-detail-resumedRedemptions = Clicks that go on
audit-detail-maxContributionsPerViewer = Clicks per viewer (0: any number)
audit-detail-scopes = Permissions
audit-detail-worldId = World
audit-detail-characterId = Character
audit-detail-connectionId = Connection
audit-detail-commandId = Command
audit-detail-undoId = What takes it back
audit-detail-ruleId = Number of the rule
audit-detail-rollId = Roll
audit-detail-overlayId = Overlay
audit-detail-keyId = Key
audit-detail-sessionId = Session
audit-detail-redemptionId = Click
audit-detail-isAdmin = Administrator
audit-detail-mayCreateCampaigns = May make campaigns
audit-detail-gmCharacterId = The game master’s character
audit-detail-payload = Asked for

## Settings.

settings-away = While the table is away
settings-away-refuse = Refuse clicks and pause the rewards: nobody pays for what cannot happen.
settings-away-accept = Count clicks; effects wait for the table until their deadline, then the points go back.
settings-hidden = Hidden rolls count
settings-hidden-hint = A critical that players cannot see can then open or use up a goal. The overlay never shows such a roll.
settings-veto = Time to stop a completed goal, in seconds
settings-veto-hint = 0 to { $most }. For so long nothing is sent to the table, and you can still stop it. Goals that are open keep theirs.
settings-save = Save
settings-delete = Delete the campaign
settings-delete-settles = First everything is settled: open goals are stopped and all their points go back, effects that are under way come to their end, and the rewards are taken off the channels. Only then the campaign disappears, with its history.
settings-delete-for-ever = Nothing brings it back.
settings-delete-name = To confirm, type its name:
settings-delete-now = Delete it for ever
settings-is-leaving = This campaign is being deleted. It disappears once all points are settled and its rewards are off the channels. The tab “Points” shows what is still waiting.
done-settings-saved = Saved.
done-campaign-leaving = The campaign is being deleted.

## History.

history-any = Any
history-any-channel = All channels
history-search = Name of the event
history-show = Show
history-none = There are no such goals.
history-export = The whole list as a file for spreadsheets (CSV)
history-export-hint = with this filter, at most 10,000 goals
history-cut = There are more goals: only the newest { $most } are in this file.
history-status-active = Collecting clicks
history-status-armed = Armed
history-status-completed = Completed
history-status-expired = Out of time
history-status-cancelled = Stopped
history-started = Began
history-completed = Complete
history-ended = Ended
history-event = Event
history-channel = Channel
history-channels = Channels
history-channels-lead = As counted when the goal began: the viewers, and each channel’s share of the clicks.
history-outcome = Outcome
history-reason = Reason
history-clicks = Clicks
history-objective = Clicks needed
history-confirmed = What the table told
history-points-received = Points received
history-points-spent = Points spent
history-points-returned = Points returned
history-points-waiting = Points waiting
history-points-stuck = Points stuck
history-goal = Goal
history-its-points = Where its points are
history-returned =
    { $count ->
        [one] { $shown } point returned
       *[other] { $shown } points returned
    }
history-spent =
    { $count ->
        [one] { $shown } point spent
       *[other] { $shown } points spent
    }
history-turned = { $before } became { $after }
history-target = { $target }
history-target-of = { $target } of { $owner }
history-lasted = for { $time }
history-partly = Not everything worked:
history-opened-by = Opened by
opened-by-redemption = a viewer’s first click
opened-by-critical = a critical roll
opened-by-manual = the game master
opened-by-trigger = a trigger
history-roll = The roll
history-viewers = Viewers
history-share = Share
history-left = left
history-commands = What the table was asked to do
history-no-commands = Nothing was sent to the table.
history-handed-over =
    { $count ->
        [one] sent once
       *[other] sent { $shown } times
    }
history-not-sent = not sent
history-optional = not needed for success
history-late = The table said that it happened, but too late: the points had gone back. You can take the effect back.
history-effect-over = This effect is over.
history-said = What was said
history-asked-with = Asked:
history-answer = Answered:
history-undo = Taking it back:
history-take-back = Take it back
history-undo-hint = Taking an effect back changes the table only; points stay as they are.
asked-chat-message = Write into the chat
asked-delete-message = Remove a chat message
asked-roll-dice = Roll dice
asked-modify-actor = Change a character
asked-apply-spell-effect = Change a spell
asked-remove-spell-effect = Free a spell
asked-apply-monster-effect = Change a monster
asked-remove-monster-effect = Free a monster
asked-cleanup-all-effects = Clean everything up
asked-request-sync = Tell the characters anew
asked-treasure-drop = Drop treasure
asked-custom = Something of your own
asked-undo = Take it back
answered-pending = Not sent yet
answered-sent = Sent, no answer yet
answered-confirmed = Done
answered-assumed = Sent; this client confirms nothing
answered-failed = Not done
answered-unknown = Nobody can tell
answered-expired = Too late
done-command-undone = The table was asked to take it back.

## Statistics.

statistics-goals = What came of the goals
statistics-success = { $percent }% of the goals that ended had their effect.
statistics-no-goals = No goal has ended yet.
statistics-executed = Had their effect
statistics-failed = No effect
statistics-expired = Out of time
statistics-cancelled = Stopped
statistics-executing = At the table now
statistics-armed = Armed now
statistics-active = Collecting now
statistics-days = Points of the last 30 days
statistics-no-points = No points moved in these days.
statistics-plot-received = Points received on each day
statistics-plot-settled = Points spent (below) and returned (above) on each day
statistics-as-table = The same as a table
statistics-day = Day (UTC)
statistics-points = Points
statistics-day-told = { $day }: { $received } received, { $fulfilled } spent, { $refunded } returned
statistics-givers = Who gave most
statistics-givers-hint = Points that were given back do not count.
statistics-no-givers = Nobody has given points yet.
statistics-clicks =
    { $count ->
        [one] { $shown } click
       *[other] { $shown } clicks
    }
statistics-times = How fast goals fill
statistics-no-times = No goal has filled yet.
statistics-median = Usually
statistics-fastest = Fastest
statistics-filled = Goals
statistics-date = { $day } { $month }
