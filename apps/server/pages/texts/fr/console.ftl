### La console du MJ.

console-campaigns = Vos campagnes
console-tabs = Parties de la campagne
console-tab-game = Partie
console-tab-events = Événements
console-tab-people = Participants
console-tab-table = Table
console-tab-ledger = Points
console-tab-history = Historique
console-tab-statistics = Statistiques
console-tab-audit = Qui a fait quoi
console-tab-settings = Réglages

campaign-made-on = Créée le
campaign-new = Une nouvelle campagne
campaign-name = Nom
campaign-name-hint = De 3 à 45 caractères. Les streamers le voient.
campaign-system = Système de jeu
campaign-system-hint = Comme Foundry l’appelle, par exemple dnd5e. Il décide de ce qui est critique.
campaign-is-streamer = Je diffuse aussi cette partie sur ma propre chaîne
campaign-is-streamer-hint = Votre chaîne participe aussitôt. Vous pourrez en inviter d’autres ensuite.
campaign-make = Créer la campagne
campaign-may-not = Vous ne menez pas encore de campagne. Un administrateur de ce serveur peut vous y autoriser ; en tant que streamer, vous trouverez vos invitations sous « Ma chaîne ».
done-campaign-made = La campagne est prête. Voici les étapes jusqu’au premier objectif :
