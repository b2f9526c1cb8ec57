### The first page.

home-title = Start
home-heading = Your viewers change the game
home-lead = They spend Channel Points together; when enough have, the die is turned, the spell is sealed, the monster rages. Points whose effect the table did not confirm go back.
home-gm = You lead a game
home-gm-lead = Choose what viewers can make happen, connect the table, watch it happen, stop it at once.
home-gm-go = To the console
home-streamer = You stream a game
home-streamer-lead = Decide what appears on your channel and at what price, and put the overlay into OBS.
home-streamer-go = To my channel
home-was-sent = Sign in to see that page; you are led back to it.
home-who = Who do you want to be?
home-who-lead = This is the sandbox: nobody needs an account. Start as the game master; you can be a streamer later, or in another browser window.
home-be = Be { $name }
home-be-gm = leads games, and has a channel
home-be-streamer = has a channel with Channel Points
home-viewers = Viewers
home-with-twitch = Sign in with Twitch
home-with-twitch-hint = Asks Twitch for nothing but who you are. Enough to lead a game.
home-with-twitch-streamer = Sign in as a streamer
home-with-twitch-streamer-hint = Lets this server make, pause and settle its own rewards on your channel, and nothing else.
home-new = Somebody new
home-new-name = Name of the channel
home-new-go = Invent and be them
