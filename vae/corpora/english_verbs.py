"""Verbs of everyday English: irregular ones with their forms, and common regular ones."""

from __future__ import annotations

_IRREGULAR = """
become became become; begin began begun; bend bent bent; bite bit bitten; bleed bled bled;
blow blew blown; break broke broken; bring brought brought; build built built; burn burnt burnt;
buy bought bought; catch caught caught; choose chose chosen; come came come; creep crept crept;
deal dealt dealt; dig dug dug; draw drew drawn; dream dreamt dreamt; drink drank drunk;
drive drove driven; eat ate eaten; fall fell fallen; feed fed fed; feel felt felt;
fight fought fought; find found found; fly flew flown; forbid forbade forbidden;
forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten;
give gave given; go went gone; grow grew grown; hang hung hung; hear heard heard; hide hid hidden;
hold held held; keep kept kept; kneel knelt knelt; know knew known; lay laid laid; lead led led;
lean leant leant; learn learnt learnt; leave left left; lend lent lent; lie lay lain;
light lit lit; lose lost lost; make made made; mean meant meant; meet met met; pay paid paid;
ride rode ridden; ring rang rung; rise rose risen; run ran run; say said said; see saw seen;
seek sought sought; sell sold sold; send sent sent; shake shook shaken; shine shone shone;
shoot shot shot; show showed shown; shrink shrank shrunk; sing sang sung; sink sank sunk;
sit sat sat; sleep slept slept; slide slid slid; smell smelt smelt; speak spoke spoken;
spend spent spent; spin spun spun; stand stood stood; steal stole stolen; stick stuck stuck;
strike struck struck; swear swore sworn; sweep swept swept; swim swam swum; swing swung swung;
take took taken; teach taught taught; tear tore torn; tell told told; think thought thought;
throw threw thrown; understand understood understood; wake woke woken; wear wore worn;
weep wept wept; win won won; wind wound wound; write wrote written; mistake mistook mistaken;
overcome overcame overcome; undergo underwent undergone; withdraw withdrew withdrawn;
arise arose arisen; bear bore born; beat beat beaten; do did done; have had had; be was been
"""
_UNCHANGED = "put cut let hit set cost hurt shut quit read spread bet burst cast split upset"
_REGULAR = """
accept admit admire adopt advise afford agree aim allow amuse annoy answer apologize appear apply
appreciate approach approve argue arrange arrive ask attack attend avoid bake bark bathe beg behave
believe belong blame boil borrow bother breathe brush call cancel care carry cause change chase
cheat check cheer clean clear climb close collect compare complain complete concentrate confuse
consider contact contain continue convince cook copy count cover crash criticize cross cry damage
dance decide decline defend deliver demand deny depend deserve destroy die disagree disappear
discover discuss dislike divide doubt dress drop dry earn encourage enjoy enter escape examine
exaggerate excuse exercise exist expect explain express fail fear fetch fill finish fish fix
follow fool force gamble gather glance graduate grab greet guess handle happen hate help hesitate
hide hire hope hug hurry ignore imagine improve include increase inform insist intend interest
introduce invent invite iron join joke jump kick kill kiss knock last laugh like lift limit listen
live loan lock look love lower manage marry matter mend mention mind miss mix move name need notice
obey object offer open order organize owe own pack paint park participate pass perform persuade
phone pick plan plant play please point polish postpone pour practice praise pray prefer prepare
press pretend prevent promise protect prove publish pull punish push raise reach realize receive
recognize recommend refuse regret relax remain remember remind remove rent repair repeat replace
reply report request rescue respect rest return roll ruin rush save scare scream search seem share
shave shout sigh sign ski smile smoke solve sound start stare stay step stop study succeed suffer
suggest suppose surprise surrender suspect talk taste tend thank threaten tie touch translate
travel treat trouble trust try turn type use visit vote wait walk want warn wash waste watch water
weigh whisper wish wonder work worry yell
"""

UNCHANGED = frozenset(_UNCHANGED.split())
"""Verbs whose past looks like their plain form."""

_FORMS = [entry.split() for entry in _IRREGULAR.replace("\n", " ").split(";")]
_REGULARS = frozenset(_REGULAR.split())

BASES = frozenset(base for base, *_ in _FORMS) | _REGULARS | UNCHANGED
"""Plain forms."""

PASTS = frozenset(past for base, past, _ in _FORMS if base != "lie") - {"wound"}
"""Past forms of irregular verbs."""

PARTICIPLES = frozenset(form for _, past, done in _FORMS for form in (past, done)) | UNCHANGED
"""Participles of irregular verbs; a regular one ends in -ed."""


def _third(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "o", "z")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


THIRDS = frozenset(map(_third, BASES - {"be", "have"})) | {"has"}
"""Forms of the third person singular."""
