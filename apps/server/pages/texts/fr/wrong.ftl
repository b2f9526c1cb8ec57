### Ce qui ne va pas dans un champ. Les clés sont les mots du cœur, n pour un nombre.

wrong-must-be-a-number = doit être un nombre
wrong-must-be-a-whole-number = doit être un nombre entier
wrong-must-be-between-n-and-n = doit être entre { $first } et { $second }
wrong-must-be-n-to-n = doit être entre { $first } et { $second }
wrong-must-have-at-most-two-decimal-places = doit avoir au plus deux décimales
wrong-must-have-at-most-n-characters = doit compter au plus { $first } caractères
wrong-must-have-n-to-n-characters = doit compter de { $first } à { $second } caractères
wrong-must-not-contain-control-characters = ne doit pas contenir de caractères de contrôle
wrong-is-not-the-name-of-a-channel-on-twitch = n’est pas le nom d’une chaîne sur Twitch
wrong-no-world-waits-with-that-code-codes-work-for-five-minutes = aucun monde n’attend avec ce code ; un code vaut cinq minutes
wrong-choose-a-channel = choisissez une chaîne
wrong-choose-a-streamer = choisissez un streamer
wrong-choose-an-event = choisissez un événement
