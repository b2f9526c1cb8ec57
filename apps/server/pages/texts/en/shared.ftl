### What every page says.

page-title = { $page } · Channel Points at the table
percent = { $number }%
moment = { $day } { $month } { $year }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
duration-days =
    { $count ->
        [one] { $shown } day
       *[other] { $shown } days
    }
duration-hours =
    { $count ->
        [one] { $shown } hour
       *[other] { $shown } hours
    }
duration-minutes =
    { $count ->
        [one] { $shown } minute
       *[other] { $shown } minutes
    }
duration-seconds =
    { $count ->
        [one] { $shown } second
       *[other] { $shown } seconds
    }

brand = Channel Points at the table
skip-to-content = Skip to the content
sandbox-banner = Sandbox: an invented Twitch with invented people and points. Nothing here reaches the real one.
nav-main = Main
nav-console = Console
nav-channel = My channel
sign-in = Sign in
sign-out = Sign out
api-docs = API
to-start = To the start
refusal-not-found = There is nothing here
refusal-forbidden = This is not for you to do
refusal-our-fault = Something went wrong here
refusal-refused = That did not work
ask-again-title = Nothing you typed is lost
ask-again-sign-in = Your sign-in had ended when you sent this. Sign in again in another tab, come back here, and send it.
ask-again-open = Sign in (opens another tab)
ask-again-check = You signed in again since that page was made. This is what you had typed:
ask-again-send = Send it now
problem-internal = That is our fault. Nothing was changed; the log knows more.
problem-unavailable = A part that is needed does not answer. Nothing was changed; try again in a moment.
problem-not-found = It does not exist, or it is not for you to see.
