### What is wrong with a field. The keys are the core's own words, n for a number.

wrong-must-be-a-number = must be a number
wrong-must-be-a-whole-number = must be a whole number
wrong-must-be-between-n-and-n = must be between { $first } and { $second }
wrong-must-be-n-to-n = must be { $first } to { $second }
wrong-must-have-at-most-two-decimal-places = must have at most two decimal places
wrong-must-have-at-most-n-characters = must have at most { $first } characters
wrong-must-have-n-to-n-characters = must have { $first } to { $second } characters
wrong-must-not-contain-control-characters = must not contain control characters
wrong-is-not-the-name-of-a-channel-on-twitch = is not the name of a channel on Twitch
wrong-no-world-waits-with-that-code-codes-work-for-five-minutes = no world waits with that code; codes work for five minutes
wrong-choose-a-channel = choose a channel
wrong-choose-a-streamer = choose a streamer
wrong-choose-an-event = choose an event
