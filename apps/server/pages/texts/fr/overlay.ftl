### Ce qu’un overlay montre à l’écran : peu de mots, lus de loin.

overlay-title = Overlay
overlay-gone-title = Cette adresse d’overlay ne fonctionne pas
overlay-gone = Elle a été remplacée ou retirée. Le streamer trouve la nouvelle sur sa page de chaîne.

# Objectifs
overlay-progress = { $progress } / { $target }
overlay-percent = { $number } %
overlay-group = Toutes les chaînes ensemble
overlay-share = { $contributions } / { $objective }
overlay-left = est partie
overlay-armed = Armé
overlay-armed-note = Le prochain jet critique le déclenche
overlay-executing = C’est en cours
overlay-executing-note = La table s’en occupe
overlay-veto-note = Le MJ peut encore l’arrêter
overlay-table-away = La table est absente
overlay-table-away-note = la suite à son retour
overlay-more =
    { $count ->
        [one] et { $shown } autre objectif
       *[other] et { $shown } autres objectifs
    }

# Fins
overlay-executed = C’est fait
overlay-failed = Ça n’a pas marché
overlay-expired = Temps écoulé
overlay-cancelled = Arrêté
overlay-reason-gm = Par le MJ
overlay-reason-event-disabled = L’événement a été désactivé
overlay-reason-streamer-withdrew = Le streamer l’a désactivé
overlay-reason-reward-recreated = La récompense a été remplacée
overlay-reason-combat-ended = Le combat est terminé
overlay-reason-session-ended = La session est terminée
overlay-reason-member-left = Le streamer a quitté la campagne
overlay-reason-campaign-deleted = La campagne est terminée
overlay-failure-deadline = La table n’a pas répondu à temps
overlay-failure-table = La table n’a pas pu le faire
overlay-failure-unplannable = Il n’y avait rien sur quoi agir
overlay-failure-vetoed = Arrêté par le MJ
overlay-returning =
    { $count ->
        [one] Remboursement en cours : { $done } clic sur { $shown }
       *[other] Remboursement en cours : { $done } sur { $shown } clics
    }
overlay-returned =
    { $count ->
        [one] { $shown } point rendu
       *[other] { $shown } points rendus
    }
overlay-stuck =
    { $count ->
        [one] { $shown } clic n’a pas encore pu être remboursé
       *[other] { $shown } clics n’ont pas encore pu être remboursés
    }
overlay-nothing-spent = Aucun point n’a été dépensé

# Scènes
overlay-success = Réussite critique
overlay-failure = Échec critique
overlay-rolled = { $name } lance { $formula }
overlay-struck = Le destin attendait
overlay-inverted = Inversé
overlay-from-success = Le triomphe tourne au fiasco
overlay-from-failure = Le fiasco tourne au triomphe
overlay-spell-disable = Le sort « { $target } » est scellé
overlay-spell-buff = Le sort « { $target } » gagne en force
overlay-spell-debuff = Le sort « { $target } » perd en force
overlay-monster-buff = { $target } entre en rage
overlay-monster-debuff = { $target } faiblit
overlay-treasure = Un trésor apparaît
overlay-message = Le public a parlé
overlay-changed = Quelque chose a changé
overlay-other = Le public a eu ce qu’il voulait
overlay-of-character = Sort de { $name }
overlay-for-time = pendant { $time }

# Le reste
overlay-panic = Mis en pause par le MJ
overlay-panic-note = Les points dépensés maintenant sont rendus aussitôt
overlay-cooldown = { $event } : de nouveau dans { $time }

# Ce qu’entend un lecteur d’écran
overlay-told-opened =
    { $count ->
        [one] Nouvel objectif : { $event }, { $shown } clic nécessaire
       *[other] Nouvel objectif : { $event }, { $shown } clics nécessaires
    }
overlay-told-state = { $event } : { $what }
