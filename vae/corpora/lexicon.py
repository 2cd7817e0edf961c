"""The words of the `factors` language: who, does what, with which feeling, where and when.

A topic owns its activities, objects, adjectives and places, so every one of them tells the topic.
Attitudes and adjectives both carry the sentiment, verbs and times the tense, subjects, verbs and
possessives the person and number: each factor shows in more than one place of a sentence.
Every word belongs to one entry only, which is what makes the language easy to parse.
"""

from __future__ import annotations

from dataclasses import dataclass

NONE = "none"  # value of an optional factor that a sentence leaves out
POSSESSIVE = "POSSESSIVE"  # stands for my, her, their ... in a place


@dataclass(frozen=True)
class Subject:
    """One subject in one number.

    Attributes:
        name: value of the factor `subject`; a noun has one name for both its numbers.
        phrase: how it is written inside a sentence.
        weight: how often it is drawn, relative to the others.
    """

    name: str
    phrase: str
    person: str
    number: str
    possessive: str
    weight: int


@dataclass(frozen=True)
class Verb:
    """The four forms that the grammar asks for; `particle` follows the verb ("go" needs "to")."""

    base: str
    third: str
    past: str
    gerund: str
    particle: str = ""


@dataclass(frozen=True)
class Topic:
    """What people do in one area of life.

    Attributes:
        adjectives: sentiment to the adjectives that only this topic uses.
        places: value of the factor `place` to its phrase.
    """

    activities: tuple[str, ...]
    objects: tuple[str, ...]
    adjectives: dict[str, tuple[str, ...]]
    places: dict[str, str]


def _noun(singular: str, plural: str, possessive: str) -> tuple[Subject, Subject]:
    return (
        Subject(singular, f"that {singular}", "third", "singular", possessive, 3),
        Subject(singular, f"those {plural}", "third", "plural", "their", 3),
    )


# First and second person are drawn a little more often, so that the classes stay balanced.
SUBJECTS: tuple[Subject, ...] = (
    Subject("I", "I", "first", "singular", "my", 10),
    Subject("we", "we", "first", "plural", "our", 10),
    Subject("you", "you", "second", "singular", "your", 10),
    Subject("he", "he", "third", "singular", "his", 8),
    Subject("she", "she", "third", "singular", "her", 8),
    Subject("they", "they", "third", "plural", "their", 8),
    *_noun("girl", "girls", "her"),
    *_noun("boy", "boys", "his"),
    *_noun("woman", "women", "her"),
    *_noun("man", "men", "his"),
    *_noun("child", "children", "her"),
    *_noun("teacher", "teachers", "his"),
    *_noun("student", "students", "her"),
    *_noun("neighbor", "neighbors", "his"),
)

TENSES = ("past", "present", "future")
POLARITIES = ("affirmative", "negative")
MOODS = ("statement", "question")
SENTIMENTS = ("positive", "negative")

# By sentiment, then by polarity. "Gladly ate" is English and "did not reluctantly eat" hardly, so
# the adverbs stand in affirmative sentences only and a verb takes their slot in negative ones.
ATTITUDES: dict[str, dict[str, tuple[str, ...]]] = {
    "positive": {
        "affirmative": ("like", "enjoy", "love", "gladly"),
        "negative": ("like", "enjoy", "love", "recommend"),
    },
    "negative": {
        "affirmative": ("avoid", "hate", "regret", "reluctantly"),
        "negative": ("avoid", "hate", "regret", "resent"),
    },
}
ADVERBS = ("gladly", "reluctantly")
ANY_TOPIC_ADJECTIVE = {"positive": "wonderful", "negative": "awful"}

TIMES: dict[str, tuple[str, ...]] = {
    "past": (NONE, "yesterday", "last week", "last weekend"),
    "present": (NONE, "these days", "every day", "every weekend"),
    "future": (NONE, "tomorrow", "next week", "next weekend"),
}

VERBS: dict[str, Verb] = {
    verb.base: verb
    for verb in (
        Verb("like", "likes", "liked", "liking"),
        Verb("enjoy", "enjoys", "enjoyed", "enjoying"),
        Verb("love", "loves", "loved", "loving"),
        Verb("avoid", "avoids", "avoided", "avoiding"),
        Verb("hate", "hates", "hated", "hating"),
        Verb("regret", "regrets", "regretted", "regretting"),
        Verb("recommend", "recommends", "recommended", "recommending"),
        Verb("resent", "resents", "resented", "resenting"),
        Verb("cook", "cooks", "cooked", "cooking"),
        Verb("eat", "eats", "ate", "eating"),
        Verb("sing", "sings", "sang", "singing"),
        Verb("play", "plays", "played", "playing"),
        Verb("write", "writes", "wrote", "writing"),
        Verb("edit", "edits", "edited", "editing"),
        Verb("see", "sees", "saw", "seeing"),
        Verb("watch", "watches", "watched", "watching"),
        Verb("run", "runs", "ran", "running"),
        Verb("join", "joins", "joined", "joining"),
        Verb("grow", "grows", "grew", "growing"),
        Verb("water", "waters", "watered", "watering"),
        Verb("go", "goes", "went", "going", "to"),
        Verb("visit", "visits", "visited", "visiting"),
        Verb("feed", "feeds", "fed", "feeding"),
        Verb("brush", "brushes", "brushed", "brushing"),
    )
}

TOPICS: dict[str, Topic] = {
    "food": Topic(
        ("cook", "eat"),
        ("soup", "curry", "pasta", "fish"),
        {"positive": ("delicious", "tasty"), "negative": ("bland", "greasy")},
        {"kitchen": "in POSSESSIVE kitchen", "cafe": "at the cafe"},
    ),
    "music": Topic(
        ("sing", "play"),
        ("song", "tune", "ballad", "anthem"),
        {"positive": ("catchy", "soothing"), "negative": ("dreary", "corny")},
        {"band": "in POSSESSIVE band", "concert": "at the concert"},
    ),
    "books": Topic(
        ("write", "edit"),
        ("novel", "story", "poem", "essay"),
        {"positive": ("clever", "witty"), "negative": ("dull", "clumsy")},
        {"room": "in POSSESSIVE room", "library": "in the library"},
    ),
    "film": Topic(
        ("see", "watch"),
        ("film", "comedy", "drama", "musical"),
        {"positive": ("exciting", "brilliant"), "negative": ("boring", "silly")},
        {"house": "at POSSESSIVE house", "cinema": "at the cinema"},
    ),
    "sport": Topic(
        ("run", "join"),
        ("race", "marathon", "relay", "contest"),
        {"positive": ("thrilling", "friendly"), "negative": ("exhausting", "chaotic")},
        {"town": "in POSSESSIVE town", "river": "by the river"},
    ),
    "garden": Topic(
        ("grow", "water"),
        ("roses", "tulips", "beans", "tomatoes"),
        {"positive": ("healthy", "splendid"), "negative": ("sickly", "withered")},
        {"garden": "in POSSESSIVE garden", "greenhouse": "in the greenhouse"},
    ),
    "travel": Topic(
        ("go", "visit"),
        ("beach", "castle", "museum", "island"),
        {"positive": ("beautiful", "peaceful"), "negative": ("crowded", "noisy")},
        {"nearby": "nearby", "abroad": "abroad"},
    ),
    "pets": Topic(
        ("feed", "brush"),
        ("puppy", "kitten", "rabbit", "pony"),
        {"positive": ("gentle", "playful"), "negative": ("grumpy", "smelly")},
        {"yard": "in POSSESSIVE yard", "farm": "at the farm"},
    ),
}


def adjectives(topic: str, sentiment: str) -> tuple[str, ...]:
    """The adjectives of a topic and a sentiment, the one that fits every topic last."""
    return (*TOPICS[topic].adjectives[sentiment], ANY_TOPIC_ADJECTIVE[sentiment])


def places(topic: str) -> tuple[str, ...]:
    """The places of a topic, after `NONE`."""
    return (NONE, *TOPICS[topic].places)
