"""All attacks."""

from evidence.attacks import asserts, endings, notebooks, reach

ATTACKS = [*asserts.ATTACKS, *reach.ATTACKS, *endings.ATTACKS, *notebooks.ATTACKS]
GROUPS = list(dict.fromkeys(attack.group for attack in ATTACKS))
