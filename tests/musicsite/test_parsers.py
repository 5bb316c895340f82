"""What nobody could answer is refused when it is read, at every door of the API."""

import pytest

from listening.models import Feedback

HALF = "\\ud83c"  # of a note; half of one cannot be written down again
DOORS = ["/api/v1/feedback/", "/api/v1/feedback/bulk/", "/api/v1/feedback/undo/"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[" * 5000 + "]" * 5000, "nested too deep"),
        (f'{{"kind": "{HALF}", "track": 1}}', r"half a letter, \ud83c"),
        (f'{{"{HALF}": 1}}', r"half a letter, \ud83c"),
        ('{"kind": ', "JSON parse error"),
    ],
)
def test_it_is_said_what_is_wrong(as_listener, door, body, says):
    answer = as_listener.post(door, body, content_type="application/json")

    assert answer.status_code == 400
    assert says in answer.json()["errors"][0]["detail"]
    assert not Feedback.objects.exists()


def test_both_halves_are_a_letter(as_listener):
    answer = as_listener.post(
        DOORS[0], f'{{"kind": "{HALF}\\udfb5", "track": 1}}', content_type="application/json"
    )

    assert "🎵" in answer.json()["errors"][0]["detail"]
