"""The page of a passage: its words, and the replies of both sides to it."""

import re
from pathlib import Path

from forum.debates import queries
from forum.debates.models import Stance
from tests.debates.test_columns import column, tops
from tests.debates.test_quotes import NEW, PARAGRAPHS, publish
from tests.world import DEBATE, World, most_queries

FOUR = f"{DEBATE}/passages/4"


def test_the_seam_beside_a_passage_leads_to_the_replies_of_both_sides_about_it(world: World) -> None:
    about = [world.published("aigerim", side, passage=4) for side in (Stance.PRO, Stance.PRO, Stance.ANTI)]
    elsewhere = [world.published("boris", passage=5), world.published("boris")]
    answer = world.published("boris", Stance.ANTI, parent=about[0])
    article = world.visitor().get(DEBATE).text
    assert f'<a class="seam" href="{FOUR}">' in article
    assert article.count('<span class="seam"></span>') == len(PARAGRAPHS) - 2, "nobody replied there"
    page = world.visitor().get(FOUR).text
    assert set(tops(page)) == set(about)
    assert f'id="reply-{answer}"' in page
    assert all(f'id="reply-{reply}"' not in page for reply in elsewhere)
    assert re.findall(r"<small>(.*?)</small>", page)[:2] == ["2 replies", "1 reply"]
    assert "with 1 answer" in page
    assert "ask police for help" in page
    assert f'href="{DEBATE}#passage-4"' in page
    assert f'href="{DEBATE}/replies/new?passage=4"' in page
    assert f'href="{DEBATE}/passages/3"' in page
    assert f'href="{DEBATE}/passages/5"' in page


def test_first_and_last_passage_have_one_neighbour_and_a_note_stands_at_its_passage(world: World) -> None:
    first, last = (world.visitor().get(f"{DEBATE}/passages/{number}").text for number in (1, 26))
    assert "Back, passage" not in first
    assert "Editor’s note." in first
    assert "Next, passage" not in last
    assert "Editor’s note." not in last
    assert world.visitor().get(f"{DEBATE}/passages/27").status_code == 404
    assert world.visitor().get("/debates/no-debate/passages/1").status_code == 404


def test_an_empty_side_is_told_in_the_words_of_the_other(world: World) -> None:
    page = world.visitor().get(FOUR).text
    assert "For legalisation: nobody has replied yet." in page
    assert "Against legalisation: nobody has replied yet." in page


def test_each_side_is_paged_by_itself_in_the_order_of_the_debate(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    pro = [world.published("aigerim", passage=4) for _ in range(queries.PER_PAGE + 2)]
    anti = [world.published("aigerim", Stance.ANTI, passage=4) for _ in range(3)]
    world.published("aigerim", passage=6)
    reader = world.visitor()
    page = reader.get(f"{FOUR}?sort=oldest").text
    assert (column(page, "pro"), column(page, "anti")) == (pro[:25], anti)
    assert f'href="{FOUR}?sort=oldest&amp;pro=2#replies"' in page
    page = reader.get(f"{FOUR}?sort=oldest&pro=2").text
    assert (column(page, "pro"), column(page, "anti")) == (pro[25:], anti)
    assert reader.get(f"{FOUR}?pro=3").status_code == reader.get(f"{FOUR}?anti=2").status_code == 404
    fair = column(reader.get(FOUR).text, "pro")
    everywhere = column(reader.get(DEBATE).text, "pro") + column(reader.get(f"{DEBATE}?pro=2").text, "pro")
    assert fair == [number for number in everywhere if number in pro][:25], "one order for both pages"


def test_own_waiting_replies_to_the_passage_and_answers_below_it_are_seen_by_their_author_alone(world: World) -> None:
    public = world.published("boris", passage=4)
    mine = world.reply("aigerim", passage=4)
    other = world.reply("aigerim", passage=5)
    answer = world.reply("aigerim", parent=public)
    page = world.visitor("aigerim").get(FOUR).text
    assert [f'id="reply-{reply}"' in page for reply in (mine, other, answer)] == [True, False, True]
    for name in ("", "boris", "maria"):
        page = world.visitor(name).get(FOUR).text
        assert [f'id="reply-{reply}"' in page for reply in (mine, other, answer)] == [False, False, False]
    assert "Set-Cookie" not in world.visitor().get(FOUR).headers


def test_a_passage_takes_as_many_queries_with_many_replies_as_with_few(world: World, tmp_path: Path) -> None:
    counts, aigerim = [], world.visitor("aigerim")
    for _ in range(3):
        for side in (Stance.PRO, Stance.ANTI):
            world.published("aigerim", parent=world.published("boris", side, passage=4, quote="Zhenya says"))
        with world.counted_queries() as sent:
            assert aigerim.get(FOUR).status_code == 200
        counts.append(len(sent))
    publish(world, [*PARAGRAPHS[:3], NEW, *PARAGRAPHS[4:]], tmp_path)
    with world.counted_queries() as sent:
        assert "no longer in the text" in aigerim.get(FOUR).text
    assert counts[0] == counts[1] == counts[2] >= len(sent)
    assert counts[0] <= most_queries(FOUR)


def test_where_nothing_is_below_a_debate_the_page_leads_back_to_it(world: World) -> None:
    reader, back = world.visitor(), f'href="{DEBATE}">Back to the debate'
    for lost in ("/passages/99", "/replies/99", "?pro=99", "/replies/new?passage=99", "/no-such-thing"):
        page = reader.get(DEBATE + lost)
        assert page.status_code == 404
        assert back in page.text
    for elsewhere in ("/debates/no-such-debate/passages/1", "/replies/99/history", "/nowhere"):
        page = reader.get(elsewhere)
        assert page.status_code == 404
        assert "Back to the debate" not in page.text
