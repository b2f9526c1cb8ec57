### La première page.

home-title = Accueil
home-heading = Vos spectateurs changent la partie
home-lead = Ils dépensent ensemble leurs points de chaîne ; quand il y en a assez, le dé se retourne, le sort est scellé, le monstre enrage. Les points dont la table n’a pas confirmé l’effet sont rendus.
home-gm = Vous menez une partie
home-gm-lead = Choisissez ce que les spectateurs peuvent provoquer, connectez la table, regardez, arrêtez tout d’un geste.
home-gm-go = Vers la console
home-streamer = Vous diffusez une partie
home-streamer-lead = Décidez de ce qui apparaît sur votre chaîne et à quel prix, et placez l’overlay dans OBS.
home-streamer-go = Vers ma chaîne
home-was-sent = Connectez-vous pour voir cette page ; vous y serez ramené.
home-who = Qui voulez-vous être ?
home-who-lead = C’est le bac à sable : personne n’a besoin de compte. Commencez comme MJ ; vous pourrez être streamer ensuite, ou dans une autre fenêtre de navigateur.
home-be = Être { $name }
home-be-gm = mène des parties, et a une chaîne
home-be-streamer = a une chaîne avec des points de chaîne
home-viewers = Spectateurs
home-with-twitch = Se connecter avec Twitch
home-with-twitch-hint = Ne demande à Twitch que de savoir qui vous êtes. Cela suffit pour mener une partie.
home-with-twitch-streamer = Se connecter comme streamer
home-with-twitch-streamer-hint = Laisse ce serveur créer, suspendre et régler ses propres récompenses sur votre chaîne, et rien d’autre.
home-new = Quelqu’un de nouveau
home-new-name = Nom de la chaîne
home-new-go = Inventer et être cette personne
