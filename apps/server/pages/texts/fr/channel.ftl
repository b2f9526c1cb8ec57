### La page du streamer.

## Quelle partie.

channel-all = Toutes vos parties
channel-none-title = Pas encore de partie
channel-none = Un MJ doit inviter votre chaîne. L’invitation apparaîtra alors ici.
channel-none-login = Donnez-lui le nom de votre chaîne :
channel-invitations = Vous êtes invité
channel-campaigns = Vous participez
invitation-lead = Le MJ propose à votre chaîne de participer.
invitation-means = Si vous acceptez, des récompenses pourront apparaître sur votre chaîne pendant les 12 prochaines heures : seulement celles que vous activez vous-même. Vous pouvez vous retirer à tout moment ; les points dont l’effet n’a pas eu lieu sont rendus.
invitation-accept = Accepter
invitation-later = Pas maintenant

## Où en est la chaîne.

standing-title = Votre chaîne sur Twitch
login-connected = Connectée
login-connected-hint = Nous pouvons créer des récompenses sur votre chaîne et rendre des points.
login-needed = À reconnecter
login-needed-hint = Twitch ne nous laisse plus agir pour votre chaîne. Les récompenses restent comme elles sont, et les points à rendre attendent votre nouvelle connexion.
login-never = Pas connectée
login-never-hint = Connectez votre chaîne pour que des récompenses puissent y apparaître et que des points puissent être rendus.
login-lacks-rewards = Connecté, mais pas pour les récompenses
login-lacks-rewards-hint = Twitch sait qui vous êtes, mais ne nous laisse pas encore créer de récompenses sur votre chaîne.
login-sandbox = Aucune connexion nécessaire
login-sandbox-hint = C’est le bac à sable : Twitch est inventé, il n’y a rien à connecter.
login-since = Depuis le
login-do = Connecter avec Twitch
login-again = Reconnecter
authorisation-title = Récompenses sur votre chaîne
authorisation-lasts = Autorisées pendant { $time }
authorisation-until = Jusqu’au
authorisation-run-out = Le délai est écoulé
authorisation-run-out-hint = Les spectateurs voient vos récompenses mais ne peuvent pas les utiliser. Autorisez-les de nouveau pour la prochaine partie.
authorisation-none = Pas autorisées
authorisation-none-hint = Rien de la partie n’apparaît sur votre chaîne tant que vous ne l’autorisez pas.
authorisation-hours = Pendant
authorisation-give = Autoriser
authorisation-renew = Renouveler
authorisation-withdraw = Retirer toutes les récompenses de ma chaîne
authorisation-withdraw-hint = Les objectifs en cours de votre chaîne s’arrêtent, et leurs points sont rendus.

## Ce que propose la chaîne.

channel-now = Sur votre chaîne en ce moment
channel-now-none = Rien. Activez un événement ci-dessous.
offers-title = Événements que vous pouvez proposer
offers-hint = Le MJ les a choisis. Rien n’apparaît sur votre chaîne que vous n’ayez activé.
offers-none = Le MJ n’a pas encore activé d’événement.
offer-is-on = Activé
offer-is-off = Désactivé
offer-off = Désactivé
offer-waits = Attend votre autorisation
offer-pending = Twitch n’a pas encore répondu
offer-active = Utilisable par les spectateurs
offer-paused = Visible, en pause
offer-not-available = Le MJ a désactivé cet événement pour le moment.
offer-switched-off = Il a été désactivé :
offer-twitch-says = Twitch dit :
offer-viewers-see = Ce que voient vos spectateurs
offer-price =
    { $count ->
        [one] { $shown } point
       *[other] { $shown } points
    }
offer-costs =
    { $count ->
        [one] { $shown } point par clic
       *[other] { $shown } points par clic
    }
offer-clicks =
    { $count ->
        [one] { $shown } clic suffit à le déclencher.
       *[other] { $shown } clics suffisent à le déclencher.
    }
offer-clicks-group =
    { $count ->
        [one] { $shown } clic est la part de votre chaîne dans l’objectif commun.
       *[other] { $shown } clics sont la part de votre chaîne dans l’objectif commun.
    }
offer-clicks-cost = En tout { $points } points, en { $time }.
offer-audience =
    { $count ->
        [one] Calculé pour { $shown } spectateur en ce moment.
       *[other] Calculé pour { $shown } spectateurs en ce moment.
    }
offer-no-audience = C’est le minimum ; il augmente avec votre public quand vous êtes en direct.
offer-own-price = Votre prix par clic
offer-own-price-hint = Recommandé : { $points }. Laissez vide pour suivre la recommandation.
offer-price-wrong = Un nombre entier de 1 à 1 000 000, ou rien.
offer-save-price = Enregistrer le prix
offer-switch-on = Activer
offer-switch-off = Désactiver
offer-where = Me montrer où

## Les points.

points-title = Ce que sont devenus les points
points-received = Reçus
points-fulfilled = Dépensés : c’est arrivé
points-refunded = Rendus
points-pending = En cours
points-stuck = Bloqués
points-clicks =
    { $count ->
        [one] en { $shown } clic
       *[other] en { $shown } clics
    }
points-balanced = Chaque point est justifié
points-unbalanced = Les comptes ne concordent pas. Prévenez le MJ.
points-none = Personne n’a encore cliqué.
points-last = Les derniers clics
click-when = Quand
click-who = Spectateur
click-event = Événement
click-points = Points
click-outcome = Ce qu’il est devenu
click-pending = Attend son objectif
click-fulfil-due = C’est fait ; Twitch va l’apprendre
click-refund-due = En cours de remboursement
click-fulfilled = Dépensé
click-refunded = Rendu
click-stuck = Bloqué
click-settled-elsewhere = Un modérateur ou Twitch lui-même en a décidé.
click-retry = Réessayer

## Le reste.

notices-title = Messages dans votre chat
notices-are-on = Les objectifs sont annoncés dans votre chat
notices-are-off = Rien n’est écrit dans votre chat
notices-hint = Une ligne quand un objectif s’ouvre et quand il se termine.
notices-need-login = Twitch doit d’abord l’autoriser.
notices-login = Autoriser les messages sur Twitch
notices-switch-on = Annoncer les objectifs dans mon chat
notices-switch-off = Arrêter les messages
leave-title = Quitter la partie
leave-hint = Vos récompenses disparaissent, vos objectifs en cours s’arrêtent, et leurs points sont rendus.
leave-open = Quitter cette partie…
leave-sure = Vous ne pourrez revenir que si le MJ vous invite de nouveau.
leave-do = Quitter

## Essayer.

rehearsal-title = Essayer
rehearsal-real = Utilisez une fois la récompense vous-même, sur votre propre chaîne. Si l’objectif n’aboutit pas à temps, les points vous sont rendus ; l’essai suit ainsi le même chemin que vos spectateurs.
rehearsal-hint = Des spectateurs inventés du bac à sable utilisent votre récompense. Tout suit le même chemin que sur Twitch : ce que deviennent les clics figure plus haut.
rehearsal-no-event = Activez d’abord un événement.
rehearsal-count = Nombre de clics
rehearsal-click = Faire cliquer des spectateurs
done-channel-clicked = Vos spectateurs inventés ont cliqué. La suite figure sous « Ce que sont devenus les points ».
done-channel-clicks-refused = Twitch a refusé les clics : la récompense n’est pas utilisable en ce moment. La raison figure sous « Sur votre chaîne en ce moment ».

## L’overlay.

overlay-card = Votre overlay
overlay-hint = Il montre les objectifs par-dessus votre image dans OBS. Son adresse est secrète : qui la connaît voit ce que voient vos spectateurs, et ne peut rien changer.
overlay-never-seen = Pas encore vu
overlay-missed = Absent
overlay-there = Présent
overlay-hidden = Chargé, dans aucune scène visible
overlay-on-air = À l’antenne
overlay-seen = vu il y a { $time }
overlay-show = Montrer l’adresse (pas à l’antenne !)
overlay-address = Adresse de l’overlay
overlay-address-hint = Pour l’URL de la source navigateur dans OBS.
overlay-copy = Copier l’adresse
overlay-copied = Copiée
overlay-open = Ouvrir l’overlay
overlay-not-kept = Cette adresse n’a été montrée qu’une fois, à sa création. Remplacez-la pour la revoir.
overlay-make = Créer l’adresse
overlay-replace = Remplacer l’adresse
overlay-replace-hint = L’ancienne cesse aussitôt de fonctionner.
overlay-made-at = Créée le
obs-title = Comment le mettre dans OBS
obs-add = Dans OBS, appuyez sur + sous « Sources », choisissez « Navigateur » et saisissez exactement ceci :
obs-settings = Propriétés de la source navigateur
obs-url = l’adresse de l’overlay
obs-width = Largeur
obs-height = Hauteur
obs-fps = Utiliser une fréquence d’images personnalisée
obs-css = CSS personnalisé
obs-shutdown = Désactiver la source quand elle n’est pas visible
obs-refresh = Rafraîchir le navigateur lorsque la scène devient active
obs-off = non
obs-empty = vide : effacez ce qui s’y trouve
look-title = L’apparence de l’overlay
look-language = Langue de vos spectateurs
look-language-any = Celle du navigateur d’OBS
look-theme = Thème
theme-ember = Braise : sombre et rougeoyant
theme-parchment = Parchemin : clair, comme une page de livre
theme-contrast = Contraste : sobre, lisible sur toute image
look-css = Vos propres règles (CSS)
look-css-hint = 64 Kio au plus. Rien ne peut être chargé d’ailleurs ; images seulement en data:image.
look-file = Remplir le champ avec un fichier
look-save = Enregistrer l’apparence
done-channel-overlay-made = L’overlay a une adresse. Copiez-la dans OBS.
done-channel-overlay-replaced = L’overlay a une nouvelle adresse. Copiez-la dans OBS ; l’ancienne ne fonctionne plus.
done-channel-look-saved = Enregistré. L’overlay aura cette apparence à son prochain chargement.

## Ce qui vient d’être fait.

done-channel-joined = Vous participez. Activez ce que vos spectateurs peuvent faire.
done-channel-authorised = Des récompenses peuvent apparaître sur votre chaîne.
done-channel-withdrawn = Toutes les récompenses sont en train d’être retirées de votre chaîne.
done-channel-offered = C’est sur votre chaîne.
done-channel-offer-pending = C’est activé. Twitch n’a pas encore répondu ; nous continuons d’essayer.
done-channel-offer-off = C’est désactivé.
done-channel-offer-waits = C’est activé, et apparaîtra quand vous autoriserez les récompenses sur votre chaîne.
done-channel-notices-on = Les objectifs seront annoncés dans votre chat.
done-channel-notices-off = Plus rien n’est écrit dans votre chat.
done-channel-retried = Nouvel essai en cours.
done-channel-left = Vous avez quitté la partie.
