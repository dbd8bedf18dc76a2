"""What the bench says of its numbers; the numbers themselves are made by `./run bench`."""

from typing import Any

from bench import report


def test_each_bound_says_whether_it_holds() -> None:
    page = report.page(measured({"limit|page": 1.5, "evenhand|page": 2.7, "flaskbb|page": 34}), None)

    assert line(page, "debate page, nobody, first time ÷ uncached limit").endswith(
        "| ≤ 2 × | 1.8 × (1.8..1.8) | yes | ≤ 1.2 × |"
    )
    assert "| ≤ 1/10 | 1/12.6 (1/12.6..1/12.6) | yes |" in line(page, "debate page, nobody, first time ÷ FlaskBB")
    page = report.page(measured({"limit|page": 1.5, "evenhand|page": 3.3, "flaskbb|page": 30}), None)
    assert "| 2.2 × (2.2..2.2) | **no** |" in line(page, "debate page, nobody, first time ÷ uncached limit")
    assert "| 1/9.09 (1/9.09..1/9.09) | **no** |" in line(page, "debate page, nobody, first time ÷ FlaskBB")


def test_what_was_answered_wrongly_counts_for_nothing() -> None:
    result = measured({"limit|page": 1.5, "evenhand|page": 2.7})
    result["rounds"]["evenhand|page"][0]["bad"] = 1

    page = report.page(result, None)

    assert "| page | Evenhand | counts for nothing |" in page
    assert "not measured: an answer was bad" in line(page, "debate page, nobody, first time ÷ uncached limit")


def test_who_could_not_be_measured_is_named_with_the_reason() -> None:
    result = measured({"evenhand|page": 2.7}) | {"missing": {"flaskbb": "needs Python 3.12"}}

    page = report.page(result, None)

    assert "- FlaskBB is not measured here: needs Python 3.12." in page
    assert "not measured: needs Python 3.12" in line(page, "debate page, nobody, first time ÷ FlaskBB")


def measured(cpu: dict[str, float]) -> dict[str, Any]:
    """Return what a run of one round has found."""
    row = {"n": 10, "bad": 0, "rate": 9.0, "latencies": [1.0]}
    return {
        "environment": report.environment() | {"rounds": 1, "seconds": 1, "connections": 4},
        "rounds": {key: [row | {"cpu": spent}] for key, spent in cpu.items()},
        "bytes": {key: {"sent": 100, "compressed": 50, "shown": 50} for key in cpu},
        "statements": {},
        "missing": {},
        "versions": {},
        "starts": {"evenhand": [1.0]},
        "memory": {"evenhand": 90.0},
        "memory_at_start": {"evenhand": 80.0},
    }


def line(page: str, what: str) -> str:
    """Return the line of the table that begins with these words."""
    return next(row for row in page.splitlines() if row.startswith(f"| {what} |"))
