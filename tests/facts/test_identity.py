"""Who a name is: the ordinary man is linked however his office is worded, a namesake is never taken silently."""

from __future__ import annotations

import pytest

from build_tools.core.article import Participant, Role
from build_tools.core.registry import Person, Post, Raw, Registries, Sidecar
from build_tools.facts.extract import extract
from build_tools.facts.identity import disagree, doubtful, identified
from build_tools.run.registry_keys import traces

MINISTER = Person("sun-jinlong", "孙金龙", posts=(Post("生态环境部党组书记", "生态环境部"),))
HEAD = Person("wei-yi", "韦一", posts=(Post("县长", "某县人民政府"),))
MAYOR = Person("wei-yi-2", "韦一", posts=(Post("市长", start="2022-03"), Post("副市长", end="2022-02")))


def who(name: str, offices: tuple[str, ...], *registry: Person, date: str = "2021-03-19") -> str | None:
    return identified(Participant(name, offices, (Role.SPEAKS,)), registry, date).person_id


@pytest.mark.parametrize(
    "office, posts",
    [
        ("", ("生态环境部部长",)),  # named without office
        ("总书记", ("总书记",)),
        ("国家主席", ("总书记",)),
        ("部党组书记", ("生态环境部党组书记",)),  # shorter
        ("省生态环境厅党组书记、厅长", ("厅长",)),  # longer
        ("黑龙江省生态环境厅厅长", ("省生态环境厅副厅长",)),  # promoted
        ("厅长", ("省生态环境厅副厅长",)),
        ("县长", ("副县长",)),
        ("县委书记", ("县长",)),
        ("市委书记", ("重庆市市长",)),
        ("省长", ("省生态环境厅厅长",)),
        ("生态环境部部长", ("环境保护部副部长",)),
        ("住房城乡建设部部长", ("部长",)),
        ("市人大常委会主任", ("某市副市长",)),
        ("组长", ("中央纪委国家监委驻生态环境部纪检监察组组长",)),
        ("副局长", ("市场监管局局长",)),
        ("正蓝旗副旗长", ("旗政府副旗长",)),
        ("指挥部总指挥", ("市长",)),
    ],
)
def test_the_ordinary_case_is_linked_without_a_doubt(office: str, posts: tuple[str, ...]) -> None:
    person = Person("a", "韦一", posts=tuple(Post(one) for one in posts))
    offices = tuple(office.split("、")) if office else ()
    assert who("韦一", offices, person) == "a"
    assert not doubtful(offices, person)


@pytest.mark.parametrize(
    "office, post",
    [
        ("副县长", "生态环境部党组书记"),
        ("河北省生态环境厅厅长", "山东省生态环境厅厅长"),
        ("水利部部长", "生态环境部部长"),
        ("某镇镇长", "省生态环境厅厅长"),
        ("国家发展改革委主任", "县委书记"),
        ("甲县县长", "乙县县长"),
    ],
)
def test_another_body_place_or_level_is_doubtful(office: str, post: str) -> None:
    person = Person("a", "韦一", posts=(Post(post),))
    assert doubtful((office,), person) and disagree((post, office))
    assert not doubtful((office, post), person)  # one office that fits settles it
    assert not doubtful((office,), Person("a", "韦一"))  # the registry tells no post
    assert who("韦一", (office,), person) == "a"  # linked; `digest review` asks


def test_a_stub_that_nobody_checked_takes_no_namesake() -> None:
    stub = Person("wei-yi", "韦一", posts=(Post("生态环境部部长"),), summary="未审校：由规则读出。")
    assert who("韦一", ("副县长",), stub) is None
    assert who("韦一", ("部长",), stub) == who("韦一", (), stub) == "wei-yi"


def test_namesakes_are_told_apart_by_whole_offices() -> None:
    deputy = Person("wei-yi-3", "韦一", posts=(Post("副县长"),))
    assert who("韦一", ("县长",), HEAD, MAYOR) == "wei-yi"
    assert who("韦一", ("某县县长",), HEAD, MAYOR) == "wei-yi"  # a longer wording of the same office
    assert who("韦一", ("副县长",), HEAD, MAYOR) is None  # 副县长 holds 县长 in it and is none
    assert who("韦一", ("副县长",), HEAD, deputy) == "wei-yi-3"
    assert who("韦一", (), HEAD, MAYOR) is None
    office = "省生态环境厅厅长"
    short, whole = Person("a", "韦一", posts=(Post("厅长"),)), Person("b", "韦一", posts=(Post(office),))
    assert who("韦一", (office,), short, whole) == "b"  # the exact wording goes first


def test_namesakes_are_told_apart_by_the_time_of_their_posts() -> None:
    before = Person("a", "韦一", posts=(Post("县长", start="2015", end="2019-06"),))
    after = Person("b", "韦一", posts=(Post("县长", start="2019-07"),))
    assert who("韦一", ("县长",), before, after, date="2018-01-05") == "a"
    assert who("韦一", ("县长",), before, after, date="2019-07-01") == "b"
    assert who("韦一", ("县长",), before, after, date="2014") is None
    assert who("韦一", ("县长",), before, after, date="") is None
    assert who("韦一", ("市长",), HEAD, MAYOR, date="2021") is None  # not yet
    assert who("韦一", ("副市长",), HEAD, MAYOR, date="2021") == "wei-yi-2"


PAGE = "某县召开生态环境保护会议\n发布时间：2021-03-19\n3月18日，某县召开生态环境保护会议。副县长韦一主持会议并讲话。\n"


def person_of(
    *corrections: tuple[str, object, str], people: tuple[Person, ...] = (HEAD, MAYOR)
) -> str | None:
    raw = Raw("a", "a.txt", PAGE.encode(), Sidecar(corrections=corrections))
    (found,) = (one for one in extract(raw, Registries(people=people)).people if one.name == "韦一")
    return found.person_id


def test_a_curator_settles_a_namesake_in_the_sidecar() -> None:
    assert person_of() is None
    assert person_of(("people", (("韦一", (("offices", ("县长",)),)),), "县政府网")) == "wei-yi"
    assert person_of(("people", (("韦一", (("id", "wei-yi-2"),)),), "照片")) == "wei-yi-2"
    assert person_of(("people", (("韦一", (("id", "nobody"),)),), "照片")) is None


def test_the_articles_own_date_decides_a_corrected_one_too() -> None:
    people = (
        Person("a", "韦一", posts=(Post("副县长", end="2020-12"),)),
        Person("b", "韦一", posts=(Post("副县长", start="2021-01"),)),
    )
    assert person_of(people=people) == "b"
    assert person_of(("held", "2019-03-18", "页面日期有误"), people=people) == "a"


def test_a_change_of_a_posts_time_converts_the_article_again() -> None:
    def trace(person: Person) -> object:
        return traces(Registries(people=(person,)))

    one = Person("a", "韦一", posts=(Post("县长", start="2015"),))
    assert trace(one) != trace(Person("a", "韦一", posts=(Post("县长", start="2016"),)))
    assert trace(one) != trace(Person("a", "韦一", posts=one.posts, summary="未审校：由规则读出。"))
    assert trace(one) == trace(Person("a", "韦一", posts=one.posts, summary="某县县长。"))
