"""The main job, end to end, through the pages as a browser without scripts sees them."""

import re
from html import unescape

from forum.debates.models import Reply
from forum.moderation.models import Action
from tests.world import DEBATE, PLEA, SECOND_WHY, WHY, World, hidden_field

TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."


def test_a_reader_joins_replies_is_published_and_read_by_all(world: World) -> None:
    aigerim = world.visitor()
    assert "Prostitution should be legalised in Kazakhstan" in aigerim.get(DEBATE).text

    codes = aigerim.post("/accounts/sign-up", name="aigerim", password="a long enough one")
    assert codes.status_code == 200
    assert len(re.findall(r"<li>[2-9A-Z]{4}-[2-9A-Z]{4}</li>", codes.text)) == 8

    form = aigerim.get(f"{DEBATE}/replies/new?passage=4")
    sent = aigerim.post(f"{DEBATE}/replies", stance="anti", text=TEXT, passage="4", key=hidden_field(form.text, "key"))
    assert sent.status_code == 303
    number = int(sent.location.rpartition("-")[2])
    assert "Waiting: only you see it here" in aigerim.get(DEBATE).text
    assert TEXT not in world.visitor().get(DEBATE).text

    maria = world.visitor("maria")
    assert "A rule that nobody can enforce" in maria.get("/moderation").text
    item = maria.get(f"/moderation/replies/{number}").text
    assert TEXT in item
    assert "aigerim" not in item
    decided = maria.post(
        f"/moderation/replies/{number}/decisions", action="publish", revision=hidden_field(item, "revision")
    )
    assert decided.status_code == 303

    column = world.visitor().get(DEBATE).text
    assert TEXT in column
    assert f'id="reply-{number}" data-stance="anti"' in column
    assert TEXT in world.visitor().get(f"{DEBATE}/replies/{number}").text
    assert "Published" in aigerim.get("/notifications").text


def test_a_rejected_author_reads_the_rule_the_reason_and_the_own_words(world: World) -> None:
    number = world.reply("boris", text=TEXT)
    maria = world.visitor("maria")
    answer = maria.post(
        f"/moderation/replies/{number}/decisions",
        action="reject",
        rule="privacy",
        explanation=WHY,
        revision=world.wording(number),
    )
    assert answer.status_code == 303
    boris = world.visitor("boris")
    for page in (boris.get("/accounts/replies"), boris.get("/notifications")):
        assert WHY in page.text
        assert "Nobody may be recognised" in page.text
        assert "maria" not in page.text
    assert TEXT in boris.get("/accounts/replies").text
    assert TEXT not in boris.get(DEBATE).text


def test_a_returned_reply_is_edited_waits_again_and_is_published_in_its_new_wording(world: World) -> None:
    number = world.reply("aigerim", text=TEXT)
    maria, aigerim = world.visitor("maria"), world.visitor("aigerim")
    maria.post(
        f"/moderation/replies/{number}/decisions",
        action="return",
        rule="honesty",
        explanation=WHY,
        revision=world.wording(number),
    )
    assert "Returned to you for an edit" in aigerim.get(DEBATE).text
    form = aigerim.get(f"/replies/{number}/edit").text
    assert WHY in unescape(form), "what to change stands above the text"
    better = TEXT + " Here is my source."
    edited = aigerim.post(f"/replies/{number}/edit", text=better, stance="pro", revision=world.wording(number))
    assert edited.status_code == 303
    assert world.status(number) == "pending"
    maria.post(f"/moderation/replies/{number}/decisions", action="publish", revision=world.wording(number))
    assert better in world.visitor().get(DEBATE).text


def test_a_reader_writes_first_and_joins_afterwards_without_losing_a_word(world: World) -> None:
    reader = world.visitor()
    asked = reader.post(f"{DEBATE}/replies", stance="pro", text=TEXT, passage="2", key="k1")
    assert asked.status_code == 401
    assert "Your text is kept on this page" in asked.text
    carried = unescape(hidden_field(asked.text, "carried"))

    begun = reader.post("/accounts/sign-up", begin="1", carried=carried)
    assert hidden_field(begun.text, "carried") == carried
    refused = reader.post("/accounts/sign-up", name="no", password="a long enough one", carried=carried)
    assert refused.status_code == 422
    joined = reader.post("/accounts/sign-up", name="boris", password="a long enough one", carried=carried)
    form = reader.post("/accounts/resume", carried=hidden_field(joined.text, "carried"))
    assert TEXT in form.text
    assert 'value="pro" required checked' in form.text
    assert 'name="passage" value="2"' in form.text
    assert world.count(Reply) == 0, "it is never sent by itself"
    assert reader.post(f"{DEBATE}/replies", stance="pro", text=TEXT, passage="2", key="k1").status_code == 303


def test_a_member_whose_session_ended_meanwhile_signs_in_and_finds_the_text_in_the_form(world: World) -> None:
    boris = world.visitor("boris")
    token = boris.token()
    world.visitor("boris").post(
        "/accounts/settings", change="password", current="three quiet horses", password="another long one"
    )
    asked = boris.post(f"{DEBATE}/replies", token=token, stance="anti", text=TEXT, key="k2")
    assert asked.status_code == 401
    form = boris.post(
        "/accounts/sign-in", name="boris", password="another long one", carried=hidden_field(asked.text, "carried")
    )
    assert form.status_code == 200
    assert TEXT in form.text


def test_a_rejected_author_appeals_and_another_moderator_lets_the_reply_appear(world: World) -> None:
    number = world.reply("aigerim", text=TEXT)
    world.decide(number, Action.REJECT, rule="privacy")
    aigerim, maria, timur = (world.visitor(name) for name in ("aigerim", "maria", "timur"))
    offered = re.search(r'href="(/decisions/\d+/appeal)"', aigerim.get("/accounts/replies").text)[1]
    assert WHY in aigerim.get(offered).text
    assert aigerim.post(offered, text=PLEA).status_code == 303
    assert "It waits for another moderator" in aigerim.get("/accounts/replies").text

    assert "You made the decision" in maria.get("/moderation/appeals").text
    case = re.search(r'<li><a href="(/moderation/appeals/\d+)"', timur.get("/moderation/appeals").text)[1]
    page = timur.get(case).text
    assert TEXT in page
    assert PLEA in page
    for hidden in (WHY, "maria", "aigerim"):
        assert hidden not in page
    judged = timur.post(f"{case}/judgement", outcome="decision_reversed", explanation=SECOND_WHY)
    assert judged.location == case
    page = timur.get(case).text
    for shown in ("maria", WHY, "2. Nobody may be recognised", "timur", SECOND_WHY):
        assert shown in page

    assert TEXT in world.visitor().get(DEBATE).text
    own = aigerim.get("/accounts/replies").text
    for words in (WHY, PLEA, SECOND_WHY, "The decision was reversed on", "Moderator 1", "Moderator 2"):
        assert words in own
    assert "is reversed, the reply shown" in aigerim.get("/notifications").text
    assert "is reversed, the reply shown" in maria.get("/notifications").text
