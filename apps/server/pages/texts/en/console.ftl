### The console of the game master.

console-campaigns = Your campaigns
console-tabs = Parts of the campaign
console-tab-game = Game
console-tab-events = Events
console-tab-people = People
console-tab-table = Table
console-tab-ledger = Points
console-tab-history = History
console-tab-statistics = Statistics
console-tab-audit = Who did what
console-tab-settings = Settings

campaign-made-on = Made on
campaign-new = A new campaign
campaign-name = Name
campaign-name-hint = 3 to 45 characters. Streamers see it.
campaign-system = Game system
campaign-system-hint = As Foundry calls it, for example dnd5e. It decides what is a critical.
campaign-is-streamer = I stream this game on my own channel too
campaign-is-streamer-hint = Your channel takes part at once. You can invite others afterwards.
campaign-make = Make the campaign
campaign-may-not = You lead no campaign yet. An administrator of this server can admit you to make one; as a streamer you find your invitations under “My channel”.
done-campaign-made = The campaign is there. These are the steps to the first goal:
