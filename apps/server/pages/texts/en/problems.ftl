### What is told when something could not be done, and why points went back.

# Kinds of problems (problem/kinds.rs and problem/from_core.rs)
problem-malformed-request = What was sent cannot be read. Nothing was changed.
problem-invalid-input = Some of it cannot stay like this; what is wrong stands beside each field. Nothing was changed.
problem-unauthenticated = You are not signed in any more. Sign in and do it again.
problem-forbidden = You are not allowed to do this.
problem-sign-in-failed = The sign-in did not come to its end. Nothing was changed; try it again.
problem-sign-in-declined = You said no on Twitch. Nothing was changed; sign in again whenever you like.
problem-another-account = You logged in on Twitch with another account than the one you use here.
problem-method-not-allowed = This page cannot be used like that.
problem-too-large = That is too much at once. Send less.
problem-request-timeout = It arrived too slowly and was given up. Try again.
problem-unsupported-media-type = This kind of content is not read here.
problem-idempotency-key-reused = The same request was already used for something else.
problem-request-in-progress = The same request is still being worked on. Wait a moment, then look again.
problem-too-many-requests = That was tried too often. Wait a little, then try again.
problem-already-exists = There is one already.
problem-event-built-in = Built-in events cannot be changed or deleted. Make one of your own.
problem-event-in-use = This event is in use. Disable it in every campaign and let its goals end first.
problem-slug-taken = Another event already has this short name.
problem-event-not-enabled = The game master has not enabled this event in the campaign.
problem-already-a-member = This streamer is already in the campaign.
problem-not-invited = There is no open invitation.
problem-invitation-open = The streamer has not accepted the invitation yet.
problem-session-running = A session is already running.
problem-no-session = No session is running.
problem-not-stuck = This click is not stuck any more. Reload the page to see where it is.
problem-too-many-rules = The campaign has as many rules as it can hold. Remove one first.
problem-not-pending = This roll is not waiting for anybody any more.
problem-no-table = No table is paired with the campaign.
problem-too-much-asked = The table has not yet answered what it was asked before. Wait a moment.
problem-not-undoable = This cannot be undone.
problem-undone-already = This was already undone.
problem-trigger-silent = There is nothing at the table that sets this off now.
problem-campaign-deleting = The campaign is being deleted. Nothing new starts in it.
problem-nothing-to-redeem = The channel has no reward of this event. Its streamer has to switch it on first.
problem-nobody-to-roll = No character is assigned to a streamer. Set the practice table up again.
problem-practice-table-off = The practice table is not running. Start it first.
problem-table-taken = A table is already paired with the campaign. Unpair it first.
problem-table-refused = The practice table could not be connected.
problem-world-taken = This world is paired with another campaign. Unpair it there first.
problem-goal-refused = A goal cannot start now.
problem-goal-in-another-state = The goal has already moved on. Reload the page to see where it is.
problem-goal-past-deadline = The goal’s time is over.
problem-goal-not-due = The goal’s time is not over yet.
problem-not-a-participant = The channel does not take part in this goal.
problem-twitch-duplicate-title = Another reward on the channel already has this title. Rename or delete that one on Twitch, then switch the event on again.
problem-twitch-too-many-rewards = The channel has no room for another reward: Twitch allows 50. Delete one on Twitch, then switch the event on again.
problem-twitch-channel-not-eligible = The channel is neither affiliate nor partner, so it has no Channel Points.
problem-twitch-reward-not-ours = The reward belongs to another application, and Twitch lets only that one change it.
problem-twitch-reward-missing = The reward does not exist on Twitch any more.
problem-twitch-login-needed = Twitch does not let us act for the channel any more. Connect it again.
problem-twitch-refused = Twitch refused it.
problem-twitch-unavailable = Twitch cannot be reached. Try again in a moment.

# Why a goal cannot start, or why a click did not count
refusal-already-fulfilled = It arrived already accepted: the reward’s request queue is switched off on Twitch, so the points could not be given back.
refusal-reward-retired = The reward was on its way out.
refusal-panic = The game master has paused everything.
refusal-session-ended = The session is over.
refusal-event-disabled = The game master has switched the event off.
refusal-streamer-disabled = The streamer has switched the event off.
refusal-not-authorised = The streamer’s authorisation has run out.
refusal-too-old = The click reached us too late.
refusal-combat-required = This needs a running combat.
refusal-vtt-away = The table is away.
refusal-module-required = The table lacks the module that this needs.
refusal-character-required = The streamer has no character yet.
refusal-goal-armed = The goal is full and waits for its roll.
refusal-goal-full = The goal already has all its clicks.
refusal-not-participating = The group goal began without this channel; it takes part in the next one.
refusal-viewer-limit = The viewer has clicked as often as is allowed in one session.
refusal-cooldown = The event is cooling down.

# Why a click could be neither kept nor given back
stuck-reward-deleted = The reward was deleted on Twitch, and Twitch settled the click without telling how.
stuck-redemption-unknown = Twitch does not know this click.
stuck-not-ours = The reward belongs to another application.
stuck-channel-not-eligible = The channel has lost its Channel Points.
stuck-login-needed = Twitch does not let us act for the channel. Connect it again, then retry.

# Why viewers cannot redeem a reward at the moment
pause-panic = The game master has paused everything.
pause-session-ended = The session is over.
pause-event-disabled = The game master has switched the event off.
pause-streamer-disabled = The streamer has switched the event off.
pause-authorisation-needed = The streamer’s authorisation has run out.
pause-no-combat = It needs a running combat.
pause-vtt-away = The table is away.
pause-module-required = The table lacks the module that this needs.
pause-character-required = The streamer has no character yet.
pause-armed = The goal is full and waits for its roll.
pause-executing = The table is at work.
pause-not-participating = A group goal is running without this channel.
pause-cooldown = The event is cooling down.
