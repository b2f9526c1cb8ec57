### Les registres de la console : points, historique, statistiques, journal, réglages.

list-parts = Parties de la liste
list-newest = Les plus récents
list-older = Plus anciens

## Les points.

ledger-numbers = Où sont tous les points
ledger-equation = Reçus = dépensés + rendus + en attente + bloqués, à tout instant. Plusieurs relevés des points, écrits indépendamment les uns des autres, sont comparés.
ledger-balanced = Équilibré : tous les relevés des points concordent.
ledger-unbalanced = Déséquilibré : les relevés des points ne concordent pas.
ledger-does-not-add-up = La somme des parties n’est pas égale à ce qui a été reçu.
ledger-differences = Les écarts
ledger-check = Ce qui a été comparé
ledger-about = À propos de
ledger-left = L’un dit
ledger-right = L’autre dit
check-journal = Le journal de tous les points avec les clics
check-redemptions = Les clics avec les objectifs
check-goals = Les objectifs avec eux-mêmes
check-other = Deux relevés de la même chose
ledger-received = Reçus
ledger-fulfilled = Dépensés
ledger-refunded = Rendus
ledger-pending = En attente
ledger-stuck = Bloqués
ledger-points =
    { $count ->
        [one] { $shown } point
       *[other] { $shown } points
    }
ledger-by-channel = La même chose pour chaque chaîne
ledger-channel = Chaîne
ledger-channel-unbalanced = la somme est fausse
ledger-clicks = Chaque clic
ledger-filter = Clics affichés
ledger-all = Tous
ledger-meanings = Ce que chaque issue signifie
ledger-no-clicks = Il n’y a aucun clic de ce genre.
ledger-counted-for = L’objectif pour lequel il compte
ledger-retry = Réessayer
settled-externally = Réglé sur Twitch par un modérateur, ou par Twitch même.
settlement-pending = Attend son objectif
settlement-fulfil-due = En cours de dépense
settlement-refund-due = En cours de remboursement
settlement-fulfilled = Dépensé
settlement-refunded = Rendu
settlement-stuck = Bloqué
settlement-means-pending = L’objectif pour lequel il compte n’est pas terminé. Les points restent dans la file d’attente de la récompense sur Twitch.
settlement-means-fulfil-due = L’effet a été confirmé. Twitch est en train d’apprendre que les points sont dépensés.
settlement-means-refund-due = Le clic n’a pas compté, ou son objectif est resté sans effet. Twitch est en train de rendre les points.
settlement-means-fulfilled = L’effet a eu lieu à la table ; les points sont dépensés.
settlement-means-refunded = Le spectateur a récupéré ses points.
settlement-means-stuck = Twitch ne peut pas être informé de ce qu’il doit en faire. La raison figure à côté ; une fois le problème réglé, réessayez.
done-click-retried = Nouvel essai en cours.

## Qui a fait quoi.

audit-lead = Tout ce que des personnes ont changé dans cette campagne, et ce que le service a fait de lui-même.
audit-none = Rien n’a encore été fait.
audit-service = de lui-même
audit-goal = vers l’objectif
audit-yes = oui
audit-no = non
audit-campaign-created = A créé la campagne
audit-campaign-changed = A modifié les réglages
audit-campaign-deleted = A commencé à supprimer la campagne
audit-session-started = A commencé une séance
audit-session-ended = A terminé la séance
audit-panic-started = A tout arrêté
audit-panic-ended = A tout laissé reprendre
audit-cooldown-released = A mis fin à la pause d’un événement
audit-cooldowns-reset = A mis fin à toutes les pauses
audit-goal-started = A lancé un objectif
audit-goal-cancelled = A arrêté un objectif
audit-goals-cancelled = A arrêté tous les objectifs
audit-trigger-fed = A actionné un déclencheur
audit-event-enabled = A activé un événement
audit-event-disabled = A désactivé un événement
audit-event-configured = A modifié un événement de la campagne
audit-event-created = A créé un événement
audit-event-changed = A modifié un événement
audit-event-deleted = A supprimé un événement
audit-opt-in-enabled = A proposé un événement sur une chaîne
audit-opt-in-disabled = A retiré un événement d’une chaîne
audit-opt-in-changed = A modifié une offre
audit-opt-in-switched-off = A désactivé une offre, à cause de ce qui a été trouvé sur Twitch
audit-member-invited = A invité un streamer
audit-member-accepted = A accepté l’invitation
audit-member-removed = A retiré un streamer
audit-member-authorised = A permis aux récompenses d’apparaître sur la chaîne
audit-member-withdrew = A retiré les récompenses de la chaîne
audit-member-chat-notices = A modifié les annonces dans le chat
audit-character-assigned = A dit à qui est le personnage
audit-roll-attributed = A dit de qui était le jet
audit-criticality-rule-added = A ajouté une règle sur ce qui est critique
audit-criticality-rule-removed = A retiré une règle sur ce qui est critique
audit-redemption-retried = A réessayé un clic bloqué
audit-command-undone = A annulé un effet
audit-table-cleaned = A nettoyé la table
audit-table-synchronised = A redemandé ses personnages à la table
audit-world-paired = A appairé un monde
audit-world-revoked = A retiré un monde
audit-world-reauthorized = A réadmis un monde
audit-overlay-created = A créé une adresse d’overlay
audit-overlay-rotated = A remplacé une adresse d’overlay
audit-overlay-deleted = A retiré une adresse d’overlay
audit-key-created = A créé une clé d’API
audit-key-revoked = A révoqué une clé d’API
audit-login-recorded = A connecté une chaîne à Twitch
audit-login-lost = A perdu la connexion d’une chaîne à Twitch
audit-login-session-started = S’est connecté
audit-login-session-ended = S’est déconnecté
audit-user-created = A rencontré une nouvelle personne
audit-user-saved = A modifié les droits d’une personne
audit-detail-userId = Personne
audit-detail-streamerId = Chaîne
audit-detail-ownerId = MJ
audit-detail-eventId = Événement
audit-detail-instanceId = Objectif
audit-detail-name = Nom
audit-detail-slug = Nom court
audit-detail-note = Note
audit-detail-count = Combien
audit-detail-ended = Combien sont terminées
audit-detail-reason = Raison
audit-detail-role = Rôle
audit-detail-login = Identifiant
audit-detail-cost = Prix
audit-detail-costOverride = Prix propre
audit-detail-objectiveCoefficient = Difficulté
audit-detail-minimumObjective = Au moins
audit-detail-duration = Secondes pour le remplir
audit-detail-cooldown = Secondes de pause
audit-detail-gameSystem = Système de jeu
audit-detail-policies = Règles
audit-detail-rule = Règle
audit-detail-authorisedUntil = Jusqu’au
audit-detail-hasChatNotices = Annonces dans le chat
audit-detail-expiresAt = Jusqu’au
audit-detail-endedAt = Le
audit-detail-startedAt = Le
audit-detail-resumedRedemptions = Clics qui reprennent
audit-detail-maxContributionsPerViewer = Clics par spectateur (0 : sans limite)
audit-detail-scopes = Autorisations
audit-detail-worldId = Monde
audit-detail-characterId = Personnage
audit-detail-connectionId = Connexion
audit-detail-commandId = Commande
audit-detail-undoId = Ce qui l’annule
audit-detail-ruleId = Numéro de la règle
audit-detail-rollId = Jet
audit-detail-overlayId = Overlay
audit-detail-keyId = Clé
audit-detail-sessionId = Séance
audit-detail-redemptionId = Clic
audit-detail-isAdmin = Administrateur
audit-detail-mayCreateCampaigns = Peut créer des campagnes
audit-detail-gmCharacterId = Le personnage du MJ
audit-detail-payload = Demande

## Les réglages.

settings-away = Quand la table est absente
settings-away-refuse = Refuser les clics et suspendre les récompenses : personne ne paie pour ce qui ne peut pas arriver.
settings-away-accept = Compter les clics ; les effets attendent la table jusqu’à leur échéance, puis les points sont rendus.
settings-hidden = Les jets cachés comptent
settings-hidden-hint = Un critique que les joueurs ne voient pas peut alors ouvrir ou consommer un objectif. L’overlay ne montre jamais un tel jet.
settings-veto = Délai pour arrêter un objectif atteint, en secondes
settings-veto-hint = De 0 à { $most }. Pendant ce temps, rien n’est envoyé à la table et vous pouvez encore l’arrêter. Les objectifs ouverts gardent le leur.
settings-save = Enregistrer
settings-delete = Supprimer la campagne
settings-delete-settles = Tout est d’abord réglé : les objectifs ouverts sont arrêtés et tous leurs points rendus, les effets en cours arrivent à leur terme et les récompenses sont retirées des chaînes. La campagne ne disparaît qu’ensuite, avec son historique.
settings-delete-for-ever = Rien ne la fera revenir.
settings-delete-name = Pour confirmer, saisissez son nom :
settings-delete-now = La supprimer définitivement
settings-is-leaving = Cette campagne est en cours de suppression. Elle disparaît dès que tous les points sont réglés et que ses récompenses ont quitté les chaînes. L’onglet « Points » montre ce qui attend encore.
done-settings-saved = Enregistré.
done-campaign-leaving = La campagne est en cours de suppression.

## L’historique.

history-any = Peu importe
history-any-channel = Toutes les chaînes
history-search = Nom de l’événement
history-show = Afficher
history-none = Il n’y a aucun objectif de ce genre.
history-export = Toute la liste en fichier pour tableur (CSV)
history-export-hint = avec ce filtre, 10 000 objectifs au plus
history-cut = Il y a d’autres objectifs : ce fichier ne contient que les { $most } plus récents.
history-status-active = Réunit des clics
history-status-armed = Armé
history-status-completed = Atteint
history-status-expired = Temps écoulé
history-status-cancelled = Arrêté
history-started = Début
history-completed = Atteint
history-ended = Fin
history-event = Événement
history-channel = Chaîne
history-channels = Chaînes
history-channels-lead = Telles que comptées au début de l’objectif : les spectateurs, et la part des clics de chaque chaîne.
history-outcome = Issue
history-reason = Raison
history-clicks = Clics
history-objective = Clics nécessaires
history-confirmed = Ce que la table a dit
history-points-received = Points reçus
history-points-spent = Points dépensés
history-points-returned = Points rendus
history-points-waiting = Points en attente
history-points-stuck = Points bloqués
history-goal = Objectif
history-its-points = Où sont ses points
history-returned =
    { $count ->
        [one] { $shown } point rendu
       *[other] { $shown } points rendus
    }
history-spent =
    { $count ->
        [one] { $shown } point dépensé
       *[other] { $shown } points dépensés
    }
history-turned = { $before } est devenu { $after }
history-target = { $target }
history-target-of = { $target } de { $owner }
history-lasted = pendant { $time }
history-partly = Tout n’a pas fonctionné :
history-opened-by = Ouvert par
opened-by-redemption = le premier clic d’un spectateur
opened-by-critical = un jet critique
opened-by-manual = le MJ
opened-by-trigger = un déclencheur
history-roll = Le jet
history-viewers = Spectateurs
history-share = Part
history-left = parti
history-commands = Ce qui a été demandé à la table
history-no-commands = Rien n’a été envoyé à la table.
history-handed-over =
    { $count ->
        [one] envoyé une fois
       *[other] envoyé { $shown } fois
    }
history-not-sent = non envoyé
history-optional = pas nécessaire au succès
history-late = La table a dit que c’était fait, mais trop tard : les points étaient déjà rendus. Vous pouvez annuler l’effet.
history-effect-over = Cet effet est terminé.
history-said = Ce qui s’est dit
history-asked-with = Demande :
history-answer = Réponse :
history-undo = Annulation :
history-take-back = Annuler l’effet
history-undo-hint = Annuler un effet ne change que la table ; les points restent où ils sont.
asked-chat-message = Écrire dans le chat
asked-delete-message = Retirer un message du chat
asked-roll-dice = Lancer des dés
asked-modify-actor = Modifier un personnage
asked-apply-spell-effect = Modifier un sort
asked-remove-spell-effect = Libérer un sort
asked-apply-monster-effect = Modifier un monstre
asked-remove-monster-effect = Libérer un monstre
asked-cleanup-all-effects = Tout nettoyer
asked-request-sync = Redonner les personnages
asked-treasure-drop = Faire tomber un trésor
asked-custom = Une action personnalisée
asked-undo = Annuler l’effet
answered-pending = Pas encore envoyé
answered-sent = Envoyé, pas encore de réponse
answered-confirmed = Fait
answered-assumed = Envoyé ; ce client ne confirme rien
answered-failed = Pas fait
answered-unknown = Personne ne peut le dire
answered-expired = Trop tard
done-command-undone = La table a été priée d’annuler l’effet.

## Les statistiques.

statistics-goals = Ce que sont devenus les objectifs
statistics-success = { $percent } % des objectifs terminés ont eu leur effet.
statistics-no-goals = Aucun objectif n’est encore terminé.
statistics-executed = Ont eu leur effet
statistics-failed = Sans effet
statistics-expired = Temps écoulé
statistics-cancelled = Arrêtés
statistics-executing = À la table en ce moment
statistics-armed = Armés en ce moment
statistics-active = Réunissent des clics
statistics-days = Les points des 30 derniers jours
statistics-no-points = Aucun point n’a bougé pendant ces jours.
statistics-plot-received = Points reçus chaque jour
statistics-plot-settled = Points dépensés (en bas) et rendus (en haut) chaque jour
statistics-as-table = La même chose en tableau
statistics-day = Jour (UTC)
statistics-points = Points
statistics-day-told = { $day } : { $received } reçus, { $fulfilled } dépensés, { $refunded } rendus
statistics-givers = Qui a donné le plus
statistics-givers-hint = Les points rendus ne comptent pas.
statistics-no-givers = Personne n’a encore donné de points.
statistics-clicks =
    { $count ->
        [one] { $shown } clic
       *[other] { $shown } clics
    }
statistics-times = À quelle vitesse les objectifs se remplissent
statistics-no-times = Aucun objectif ne s’est encore rempli.
statistics-median = En général
statistics-fastest = Au plus vite
statistics-filled = Objectifs
statistics-date = { $day } { $month }
