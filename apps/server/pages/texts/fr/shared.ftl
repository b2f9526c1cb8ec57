### Ce que dit chaque page.

page-title = { $page } · Points de chaîne à la table
percent = { $number } %
moment = { $day } { $month } { $year }, { $time } UTC
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
duration-days =
    { $count ->
        [one] { $shown } jour
       *[other] { $shown } jours
    }
duration-hours =
    { $count ->
        [one] { $shown } heure
       *[other] { $shown } heures
    }
duration-minutes =
    { $count ->
        [one] { $shown } minute
       *[other] { $shown } minutes
    }
duration-seconds =
    { $count ->
        [one] { $shown } seconde
       *[other] { $shown } secondes
    }

brand = Points de chaîne à la table
skip-to-content = Aller au contenu
sandbox-banner = Bac à sable : un Twitch inventé, avec des personnes et des points inventés. Rien n’atteint le vrai.
nav-main = Principal
nav-console = Console
nav-channel = Ma chaîne
sign-in = Se connecter
sign-out = Se déconnecter
api-docs = API
to-start = Vers l’accueil
refusal-not-found = Il n’y a rien ici
refusal-forbidden = Cela ne vous revient pas
refusal-our-fault = Quelque chose s’est mal passé ici
refusal-refused = Cela n’a pas marché
ask-again-title = Rien de ce que vous avez saisi n’est perdu
ask-again-sign-in = Votre session était terminée quand vous avez envoyé ceci. Reconnectez-vous dans un autre onglet, revenez ici et envoyez.
ask-again-open = Se connecter (ouvre un autre onglet)
ask-again-check = Vous vous êtes reconnecté depuis que cette page a été faite. Voici ce que vous aviez saisi :
ask-again-send = Envoyer maintenant
problem-internal = C’est notre faute. Rien n’a été changé ; le journal en sait plus.
problem-unavailable = Une partie nécessaire ne répond pas. Rien n’a été changé ; réessayez dans un instant.
problem-not-found = Cela n’existe pas, ou ne vous est pas visible.
