"""The words of the `factors-zh` language, as `vae.corpora.lexicon` has those of the English one.

Every noun has its measure word, of things and of people, and every word belongs to one entry only.
Objects are such that one can meet with them again: "every weekend that bowl of noodles" would be
no natural sentence, so food comes by the dish and the kind.
"""

from __future__ import annotations

from dataclasses import dataclass

from vae.corpora.lexicon import NONE


@dataclass(frozen=True)
class Subject:
    """One subject in one number; a noun has one name for both its numbers, and a measure word."""

    name: str
    person: str
    number: str
    weight: int
    measure: str = ""


@dataclass(frozen=True)
class Topic:
    """What people do in one area of life.

    Attributes:
        objects: noun to its measure word.
        adjectives: sentiment to the adjectives that only this topic uses.
        places: value of the factor `place` to its phrase, in words.
    """

    activities: tuple[str, ...]
    objects: dict[str, str]
    adjectives: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]


def _noun(name: str, measure: str) -> tuple[Subject, Subject]:
    return (
        Subject(name, "third", "singular", 4, measure),
        Subject(name, "third", "plural", 4, "些"),
    )


# First and second person are drawn a little more often, so that the classes stay balanced.
SUBJECTS: tuple[Subject, ...] = (
    Subject("我", "first", "singular", 12),
    Subject("我们", "first", "plural", 12),
    Subject("你", "second", "singular", 12),
    Subject("你们", "second", "plural", 10),
    Subject("他", "third", "singular", 6),
    Subject("她", "third", "singular", 6),
    Subject("他们", "third", "plural", 6),
    Subject("她们", "third", "plural", 6),
    Subject("妈妈", "third", "singular", 5),
    Subject("爸爸", "third", "singular", 5),
    *_noun("老师", "位"),
    *_noun("医生", "位"),
    *_noun("邻居", "位"),
    *_noun("孩子", "个"),
    *_noun("同学", "个"),
    *_noun("学生", "个"),
)

# What is over (了, 没), what one has ever done (过, 没 ... 过), what one does as a rule (常, 不常),
# and what is to come (会, 不会).
TENSES = ("past", "experience", "habit", "future")
TIMES: dict[str, tuple[str, ...]] = {
    "past": (NONE, "昨天", "上周", "上周末"),
    "experience": (NONE, "以前", "之前", "去年"),
    "habit": (NONE, "平时", "周末", "最近"),
    "future": (NONE, "明天", "下周", "下周末"),
}

# 挺 praises and 有点 finds fault: neither goes with the other sentiment.
DEGREES = {"positive": (NONE, "特别", "挺"), "negative": (NONE, "特别", "有点")}
ANY_TOPIC_ADJECTIVE = {"positive": "不错", "negative": "讨厌"}

TOPICS: dict[str, Topic] = {
    "food": Topic(
        ("做", "吃"),
        {"菜": "道", "点心": "道", "蛋糕": "款", "饼干": "种"},
        {"positive": ("好吃", "美味"), "negative": ("难吃", "油腻")},
        {"家": ("在", "家"), "食堂": ("在", "食堂")},
    ),
    "music": Topic(
        ("唱", "听"),
        {"歌": "首", "民歌": "首", "曲子": "支", "戏": "段"},
        {"positive": ("好听", "动人"), "negative": ("难听", "单调")},
        {"车": ("在", "车", "上"), "音乐会": ("在", "音乐会", "上")},
    ),
    "books": Topic(
        ("读", "讨论"),
        {"小说": "本", "诗": "首", "文章": "篇", "故事": "个"},
        {"positive": ("深刻", "优美"), "negative": ("枯燥", "难懂")},
        {"图书馆": ("在", "图书馆"), "咖啡馆": ("在", "咖啡馆")},
    ),
    "film": Topic(
        ("看", "评论"),
        {"电影": "部", "动画片": "部", "话剧": "出", "节目": "个"},
        {"positive": ("精彩", "感人"), "negative": ("无聊", "老套")},
        {"网": ("在", "网", "上"), "学校": ("在", "学校")},
    ),
    "sport": Topic(
        ("练", "教"),
        {"拳": "套", "健身操": "套", "舞": "支", "动作": "个"},
        {"positive": ("有趣", "轻松"), "negative": ("累人", "别扭")},
        {"公园": ("在", "公园"), "体育馆": ("在", "体育馆")},
    ),
    "garden": Topic(
        ("浇", "修剪"),
        {"月季": "盆", "竹子": "丛", "草坪": "片", "果树": "棵"},
        {"positive": ("茂盛", "好看"), "negative": ("枯黄", "杂乱")},
        {"院子": ("在", "院子", "里"), "楼下": ("在", "楼下")},
    ),
    "travel": Topic(
        ("逛", "参观"),
        {"博物馆": "座", "古镇": "座", "老街": "条", "花园": "个"},
        {"positive": ("漂亮", "热闹"), "negative": ("拥挤", "破旧")},
        {"北京": ("在", "北京"), "老家": ("在", "老家")},
    ),
    "pets": Topic(
        ("喂", "照顾"),
        {"猫": "只", "狗": "条", "马": "匹", "牛": "头"},
        {"positive": ("可爱", "温顺"), "negative": ("暴躁", "懒惰")},
        {"农场": ("在", "农场"), "乡下": ("在", "乡下")},
    ),
}
PARTICLES = ("那", "没", "不", "常", "会", "了", "过", "的", "吗", "。", "？")


def adjectives(topic: str, sentiment: str) -> tuple[str, ...]:
    """The adjectives of a topic and a sentiment, the one that fits every topic last."""
    return (*TOPICS[topic].adjectives[sentiment], ANY_TOPIC_ADJECTIVE[sentiment])


def _words() -> tuple[str, ...]:
    found = [*PARTICLES, *(s.name for s in SUBJECTS), *(s.measure for s in SUBJECTS if s.measure)]
    found += [word for words in (*TIMES.values(), *DEGREES.values()) for word in words]
    for name, topic in TOPICS.items():
        found += [*topic.activities, *topic.objects, *topic.objects.values()]
        found += [word for sentiment in topic.adjectives for word in adjectives(name, sentiment)]
        found += [word for phrase in topic.places.values() for word in phrase]
    return tuple(word for word in dict.fromkeys(found) if word != NONE)


WORDS: tuple[str, ...] = _words()
"""All words of the language, and its two marks."""
