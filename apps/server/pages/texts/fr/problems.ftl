### Ce qui est dit quand quelque chose n’a pas pu se faire, et pourquoi des points ont été rendus.

# Sortes de problèmes (problem/kinds.rs et problem/from_core.rs)
problem-malformed-request = Ce qui a été envoyé est illisible. Rien n’a été changé.
problem-invalid-input = Une partie de la saisie ne convient pas ; l’explication figure à côté de chaque champ. Rien n’a été changé.
problem-unauthenticated = Vous n’êtes plus connecté. Connectez-vous et recommencez.
problem-forbidden = Vous n’avez pas le droit de faire cela.
problem-sign-in-failed = La connexion n’est pas allée à son terme. Rien n’a été changé ; réessayez.
problem-sign-in-declined = Vous avez refusé sur Twitch. Rien n’a été changé ; reconnectez-vous quand vous voudrez.
problem-another-account = Vous vous êtes connecté sur Twitch avec un autre compte que celui que vous utilisez ici.
problem-method-not-allowed = Cette page ne s’utilise pas ainsi.
problem-too-large = C’est trop à la fois. Envoyez-en moins.
problem-request-timeout = L’envoi était trop lent et a été abandonné. Réessayez.
problem-unsupported-media-type = Ce type de contenu n’est pas lu ici.
problem-idempotency-key-reused = La même demande a déjà servi à autre chose.
problem-request-in-progress = La même demande est encore en cours. Attendez un instant, puis regardez de nouveau.
problem-too-many-requests = Trop d’essais. Attendez un peu, puis réessayez.
problem-already-exists = Il y en a déjà un.
problem-event-built-in = Les événements intégrés ne se modifient pas et ne se suppriment pas. Créez le vôtre.
problem-event-in-use = Cet événement est utilisé. Désactivez-le dans chaque campagne et laissez d’abord ses objectifs se terminer.
problem-slug-taken = Un autre événement porte déjà ce nom court.
problem-event-not-enabled = Le MJ n’a pas activé cet événement dans la campagne.
problem-already-a-member = Ce streamer fait déjà partie de la campagne.
problem-not-invited = Il n’y a pas d’invitation en attente.
problem-invitation-open = Le streamer n’a pas encore accepté l’invitation.
problem-session-running = Une session est déjà en cours.
problem-no-session = Aucune session n’est en cours.
problem-not-stuck = Ce clic n’est plus bloqué. Rechargez la page pour voir où il en est.
problem-too-many-rules = La campagne a déjà toutes les règles qu’elle peut contenir. Supprimez-en une d’abord.
problem-not-pending = Ce jet n’attend plus personne.
problem-no-table = Aucune table n’est associée à la campagne.
problem-too-much-asked = La table n’a pas encore répondu à la demande précédente. Attendez un instant.
problem-not-undoable = Cela ne peut pas être annulé.
problem-undone-already = Cela a déjà été annulé.
problem-trigger-silent = Rien à la table ne peut le déclencher maintenant.
problem-campaign-deleting = La campagne est en cours de suppression. Rien de nouveau n’y commence.
problem-nothing-to-redeem = La chaîne n’a pas de récompense pour cet événement. Son streamer doit d’abord l’activer.
problem-nobody-to-roll = Aucun personnage n’est attribué à un streamer. Préparez de nouveau la table d’entraînement.
problem-practice-table-off = La table d’entraînement n’est pas en marche. Démarrez-la d’abord.
problem-table-taken = Une table est déjà associée à la campagne. Dissociez-la d’abord.
problem-table-refused = La table d’entraînement n’a pas pu être connectée.
problem-world-taken = Ce monde est associé à une autre campagne. Dissociez-le d’abord là-bas.
problem-goal-refused = Aucun objectif ne peut commencer maintenant.
problem-goal-in-another-state = L’objectif a déjà avancé. Rechargez la page pour voir où il en est.
problem-goal-past-deadline = Le temps de l’objectif est écoulé.
problem-goal-not-due = Le temps de l’objectif n’est pas encore écoulé.
problem-not-a-participant = La chaîne ne participe pas à cet objectif.
problem-twitch-duplicate-title = Une autre récompense de la chaîne porte déjà ce titre. Renommez-la ou supprimez-la sur Twitch, puis activez de nouveau l’événement.
problem-twitch-too-many-rewards = La chaîne n’a plus de place pour une récompense : Twitch en autorise 50. Supprimez-en une sur Twitch, puis activez de nouveau l’événement.
problem-twitch-channel-not-eligible = La chaîne n’est ni affiliée ni partenaire : elle n’a donc pas de points de chaîne.
problem-twitch-reward-not-ours = La récompense appartient à une autre application, et Twitch ne laisse que celle-ci la modifier.
problem-twitch-reward-missing = La récompense n’existe plus sur Twitch.
problem-twitch-login-needed = Twitch ne nous laisse plus agir pour la chaîne. Connectez-la de nouveau.
problem-twitch-refused = Twitch a refusé.
problem-twitch-unavailable = Twitch est injoignable. Réessayez dans un instant.

# Pourquoi un objectif ne peut pas commencer, ou pourquoi un clic n’a pas compté
refusal-already-fulfilled = Le clic est arrivé déjà accepté : la file d’attente de la récompense est désactivée sur Twitch, les points n’ont donc pas pu être rendus.
refusal-reward-retired = La récompense était en train de disparaître.
refusal-panic = Le MJ a tout mis en pause.
refusal-session-ended = La session est terminée.
refusal-event-disabled = Le MJ a désactivé l’événement.
refusal-streamer-disabled = Le streamer a désactivé l’événement.
refusal-not-authorised = L’autorisation du streamer a expiré.
refusal-too-old = Le clic nous est parvenu trop tard.
refusal-combat-required = Il faut un combat en cours.
refusal-vtt-away = La table est absente.
refusal-module-required = Il manque à la table le module nécessaire.
refusal-character-required = Le streamer n’a pas encore de personnage.
refusal-goal-armed = L’objectif est plein et attend son jet.
refusal-goal-full = L’objectif a déjà tous ses clics.
refusal-not-participating = L’objectif de groupe a commencé sans cette chaîne ; elle participera au prochain.
refusal-viewer-limit = Le spectateur a cliqué autant de fois qu’une session le permet.
refusal-cooldown = L’événement est en temps de recharge.

# Pourquoi un clic n’a pu être ni gardé ni rendu
stuck-reward-deleted = La récompense a été supprimée sur Twitch, qui a réglé le clic sans dire comment.
stuck-redemption-unknown = Twitch ne connaît pas ce clic.
stuck-not-ours = La récompense appartient à une autre application.
stuck-channel-not-eligible = La chaîne n’a plus de points de chaîne.
stuck-login-needed = Twitch ne nous laisse pas agir pour la chaîne. Connectez-la de nouveau, puis réessayez.

# Pourquoi les spectateurs ne peuvent pas utiliser une récompense en ce moment
pause-panic = Le MJ a tout mis en pause.
pause-session-ended = La session est terminée.
pause-event-disabled = Le MJ a désactivé l’événement.
pause-streamer-disabled = Le streamer a désactivé l’événement.
pause-authorisation-needed = L’autorisation du streamer a expiré.
pause-no-combat = Il faut un combat en cours.
pause-vtt-away = La table est absente.
pause-module-required = Il manque à la table le module nécessaire.
pause-character-required = Le streamer n’a pas encore de personnage.
pause-armed = L’objectif est plein et attend son jet.
pause-executing = La table est à l’œuvre.
pause-not-participating = Un objectif de groupe est en cours sans cette chaîne.
pause-cooldown = L’événement est en temps de recharge.
