"""What is cached comes back as it was, and reading it runs nothing."""

from typing import NamedTuple

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from musicsite.cache import PlainSerializer

leaves = st.none() | st.booleans() | st.integers() | st.text() | st.binary()
leaves |= st.floats(allow_nan=False)
values = st.recursive(leaves, lambda each: st.lists(each) | st.dictionaries(st.text(), each))
plain = PlainSerializer()


@given(values.filter(lambda value: not (isinstance(value, dict) and value.keys() == {"base64"})))
def test_a_value_comes_back_as_it_was(value):
    written = plain.dumps(value)
    assert plain.loads(str(written).encode()) == value


def test_a_whole_number_is_written_as_it_is_so_that_redis_can_count():
    assert plain.dumps(7) == 7
    assert plain.dumps(True) == "true"


def test_what_somebody_pickled_is_not_read():
    with pytest.raises(UnicodeDecodeError):
        plain.loads(b"\x80\x05]\x94.")


class Pair(NamedTuple):
    one: int
    other: str


def test_redis_keeps_what_is_plain_and_counts():
    cache.set("plain", (Pair(1, "x"), b"\x00\xff"))
    cache.set("count", 1)

    assert cache.get("plain") == [[1, "x"], b"\x00\xff"]
    assert cache.incr("count") == 2
    assert cache.get("count") == 2


def test_an_object_is_not_kept_and_troubles_nobody():
    cache.set("object", [object()])

    assert cache.get("object") is None
