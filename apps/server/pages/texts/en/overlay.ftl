### What an overlay shows on a stream: few words, read from afar.

overlay-title = Overlay
overlay-gone-title = This overlay address does not work
overlay-gone = It was replaced or taken back. Its streamer finds the new one on the channel page.

# Goals
overlay-progress = { $progress } / { $target }
overlay-percent = { $number }%
overlay-group = All channels together
overlay-share = { $contributions } / { $objective }
overlay-left = has left
overlay-armed = Armed
overlay-armed-note = The next critical roll sets it off
overlay-executing = It happens now
overlay-executing-note = The table is at work
overlay-veto-note = The game master may still stop it
overlay-table-away = The table is away
overlay-table-away-note = it goes on when the table is back
overlay-more =
    { $count ->
        [one] and { $shown } more goal
       *[other] and { $shown } more goals
    }

# Endings
overlay-executed = Done
overlay-failed = It did not work
overlay-expired = Out of time
overlay-cancelled = Stopped
overlay-reason-gm = By the game master
overlay-reason-event-disabled = The event was switched off
overlay-reason-streamer-withdrew = The streamer switched it off
overlay-reason-reward-recreated = The reward was replaced
overlay-reason-combat-ended = The combat is over
overlay-reason-session-ended = The session is over
overlay-reason-member-left = The streamer left the campaign
overlay-reason-campaign-deleted = The campaign is over
overlay-failure-deadline = The table did not answer in time
overlay-failure-table = The table could not do it
overlay-failure-unplannable = There was nothing it could act on
overlay-failure-vetoed = Stopped by the game master
overlay-returning =
    { $count ->
        [one] Points are going back: { $done } of { $shown } click
       *[other] Points are going back: { $done } of { $shown } clicks
    }
overlay-returned =
    { $count ->
        [one] { $shown } point returned
       *[other] { $shown } points returned
    }
overlay-stuck =
    { $count ->
        [one] { $shown } click could not be returned yet
       *[other] { $shown } clicks could not be returned yet
    }
overlay-nothing-spent = No points were spent

# Scenes
overlay-success = Critical success
overlay-failure = Critical failure
overlay-rolled = { $name } rolls { $formula }
overlay-struck = Fate was waiting
overlay-inverted = Inverted
overlay-from-success = The triumph turns into a fumble
overlay-from-failure = The fumble turns into a triumph
overlay-spell-disable = { $target } is sealed
overlay-spell-buff = { $target } grows stronger
overlay-spell-debuff = { $target } grows weaker
overlay-monster-buff = { $target } rages
overlay-monster-debuff = { $target } falters
overlay-treasure = Treasure appears
overlay-message = The viewers have spoken
overlay-changed = Something has changed
overlay-other = The viewers have had their way
overlay-of-character = { $name }’s spell
overlay-for-time = for { $time }

# Everything else
overlay-panic = Paused by the game master
overlay-panic-note = Points clicked now come straight back
overlay-cooldown = { $event }: again in { $time }

# What a screen reader is told
overlay-told-opened =
    { $count ->
        [one] New goal: { $event }, { $shown } click needed
       *[other] New goal: { $event }, { $shown } clicks needed
    }
overlay-told-state = { $event }: { $what }
