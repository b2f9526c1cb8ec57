### The page of the streamer.

## Which game.

channel-all = All your games
channel-none-title = No game yet
channel-none = A game master has to invite your channel. The invitation then stands here.
channel-none-login = Tell them the name of your channel:
channel-invitations = You are invited
channel-campaigns = You take part
invitation-lead = The game master asks your channel to take part.
invitation-means = When you accept, rewards may appear on your channel for the next 12 hours: only those that you switch on yourself. You can withdraw at any time; points whose effect did not happen go back.
invitation-accept = Accept
invitation-later = Not now

## How the channel stands.

standing-title = Your channel on Twitch
login-connected = Connected
login-connected-hint = We may make rewards on your channel and return points.
login-needed = Needs login again
login-needed-hint = Twitch does not let us act for your channel any more. Rewards stay as they are, and points that should go back wait until you connect again.
login-never = Not connected
login-never-hint = Connect your channel, so that rewards can appear on it and points can be returned.
login-lacks-rewards = Signed in, but not for rewards
login-lacks-rewards-hint = Twitch knows who you are, but does not let us make rewards on your channel yet.
login-sandbox = No login needed
login-sandbox-hint = This is the sandbox: Twitch is invented, so there is nothing to connect.
login-since = Since
login-do = Connect with Twitch
login-again = Connect again
authorisation-title = Rewards on your channel
authorisation-lasts = Allowed for { $time }
authorisation-until = Ends on
authorisation-run-out = The time is over
authorisation-run-out-hint = Viewers see your rewards but cannot redeem them. Allow them again for the next game.
authorisation-none = Not allowed
authorisation-none-hint = Nothing of the game appears on your channel until you allow it.
authorisation-hours = For
authorisation-give = Allow
authorisation-renew = Renew
authorisation-withdraw = Take all rewards off my channel
authorisation-withdraw-hint = Open goals of your channel stop, and their points go back.

## What the channel offers.

channel-now = On your channel now
channel-now-none = Nothing. Switch an event on below.
offers-title = Events you can offer
offers-hint = The game master chose these. Nothing appears on your channel that you did not switch on.
offers-none = The game master has not enabled an event yet.
offer-is-on = On
offer-is-off = Off
offer-off = Off
offer-waits = Waits for your permission
offer-pending = Twitch has not answered yet
offer-active = Viewers can redeem it
offer-paused = Visible, paused
offer-not-available = The game master has switched this event off for now.
offer-switched-off = It was switched off:
offer-twitch-says = Twitch says:
offer-viewers-see = What your viewers see
offer-price =
    { $count ->
        [one] { $shown } point
       *[other] { $shown } points
    }
offer-costs =
    { $count ->
        [one] { $shown } point per click
       *[other] { $shown } points per click
    }
offer-clicks =
    { $count ->
        [one] { $shown } click makes it happen.
       *[other] { $shown } clicks make it happen.
    }
offer-clicks-group =
    { $count ->
        [one] { $shown } click is your channel’s share of the common goal.
       *[other] { $shown } clicks are your channel’s share of the common goal.
    }
offer-clicks-cost = Together { $points } points, within { $time }.
offer-audience =
    { $count ->
        [one] Reckoned for { $shown } viewer now.
       *[other] Reckoned for { $shown } viewers now.
    }
offer-no-audience = This is the least; it grows with your audience once you are live.
offer-own-price = Your price per click
offer-own-price-hint = Recommended: { $points }. Empty follows the recommendation.
offer-price-wrong = A whole number from 1 to 1,000,000, or empty.
offer-save-price = Save the price
offer-switch-on = Switch on
offer-switch-off = Switch off
offer-where = Show me where

## The points.

points-title = What happened to the points
points-received = Received
points-fulfilled = Spent: it happened
points-refunded = Returned
points-pending = Under way
points-stuck = Stuck
points-clicks =
    { $count ->
        [one] in { $shown } click
       *[other] in { $shown } clicks
    }
points-balanced = Every point is accounted for
points-unbalanced = The records do not agree. Tell the game master.
points-none = Nobody has clicked yet.
points-last = The last clicks
click-when = When
click-who = Viewer
click-event = Event
click-points = Points
click-outcome = What became of it
click-pending = Waits for its goal
click-fulfil-due = Done; Twitch is being told
click-refund-due = On its way back
click-fulfilled = Spent
click-refunded = Returned
click-stuck = Stuck
click-settled-elsewhere = A moderator or Twitch itself decided it.
click-retry = Try again

## Everything else.

notices-title = Notices in your chat
notices-are-on = Goals are told in your chat
notices-are-off = Nothing is written in your chat
notices-hint = A line when a goal opens and when it ends.
notices-need-login = Twitch has to allow it first.
notices-login = Allow notices on Twitch
notices-switch-on = Tell goals in my chat
notices-switch-off = Stop the notices
leave-title = Leave the game
leave-hint = Your rewards go, your open goals stop, and their points go back.
leave-open = Leave this game …
leave-sure = You can come back only when the game master invites you again.
leave-do = Leave

## Trying it out.

rehearsal-title = Try it
rehearsal-real = Redeem the reward once yourself, on your own channel. When no goal comes of it in time, you get the points back; so it is tried by the same way that your viewers take.
rehearsal-hint = Invented viewers of the sandbox redeem your reward. It takes the same way as on Twitch: what becomes of the clicks stands above.
rehearsal-no-event = Switch an event on first.
rehearsal-count = How many clicks
rehearsal-click = Have viewers click
done-channel-clicked = Your invented viewers have clicked. What becomes of it stands under “What happened to the points”.
done-channel-clicks-refused = Twitch refused the clicks: the reward cannot be redeemed now. The reason stands under “On your channel now”.

## The overlay.

overlay-card = Your overlay
overlay-hint = It shows the goals over your picture in OBS. Its address is secret: who knows it sees what your viewers see, and can change nothing.
overlay-never-seen = Not seen yet
overlay-missed = Not there
overlay-there = There
overlay-hidden = Loaded, in no visible scene
overlay-on-air = On air
overlay-seen = seen { $time } ago
overlay-show = Show the address (not on stream!)
overlay-address = Address of the overlay
overlay-address-hint = For the URL of the browser source in OBS.
overlay-copy = Copy the address
overlay-copied = Copied
overlay-open = Open the overlay
overlay-not-kept = This address was shown only once, when it was made. Replace it to see it again.
overlay-make = Make the address
overlay-replace = Replace the address
overlay-replace-hint = The old one stops working at once.
overlay-made-at = Made on
obs-title = How to put it into OBS
obs-add = In OBS, press + below “Sources”, choose “Browser”, and enter exactly this:
obs-settings = Properties of the browser source
obs-url = the address of the overlay
obs-width = Width
obs-height = Height
obs-fps = Use custom frame rate
obs-css = Custom CSS
obs-shutdown = Shutdown source when not visible
obs-refresh = Refresh browser when scene becomes active
obs-off = off
obs-empty = empty: delete what stands there
look-title = How the overlay looks
look-language = Language of your viewers
look-language-any = As the browser of OBS
look-theme = Theme
theme-ember = Ember: dark and glowing
theme-parchment = Parchment: light, like a page of a book
theme-contrast = Contrast: plain, readable over any picture
look-css = Rules of your own (CSS)
look-css-hint = At most 64 KiB. Nothing may be loaded from elsewhere; pictures only as data:image.
look-file = Fill the field with a file
look-save = Save the look
done-channel-overlay-made = The overlay has an address. Copy it into OBS.
done-channel-overlay-replaced = The overlay has a new address. Copy it into OBS; the old one no longer works.
done-channel-look-saved = Saved. The overlay looks like that when it is next loaded.

## What was done.

done-channel-joined = You take part. Switch on what your viewers may do.
done-channel-authorised = Rewards may appear on your channel.
done-channel-withdrawn = All rewards are being taken off your channel.
done-channel-offered = It is on your channel.
done-channel-offer-pending = It is switched on. Twitch has not answered yet; we go on trying.
done-channel-offer-off = It is switched off.
done-channel-offer-waits = It is switched on, and appears once you allow rewards on your channel.
done-channel-notices-on = Goals are told in your chat from now on.
done-channel-notices-off = Nothing is written in your chat any more.
done-channel-retried = It is being tried again.
done-channel-left = You have left the game.
