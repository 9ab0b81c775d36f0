"""The order in which several processes take the files of tests."""

from __future__ import annotations

import pytest

from tests.order import heaviest_first


def test_a_file_that_takes_long_is_begun_before_one_of_many_quick_tests(
    pytester: pytest.Pytester,
) -> None:
    quick = "def test_{}(): pass\n"
    pytester.makepyfile(
        test_few=quick.format(1),
        test_long=f"import pytest\n{quick.format(2)}@pytest.mark.long\n{quick.format(3)}",
        test_many=quick.format(4) + quick.format(5),
    )
    items, _ = pytester.inline_genitems("-p", "no:randomly", "-W", "ignore")

    assert [item.name for item in heaviest_first(items)] == [
        *("test_2", "test_3"),
        *("test_4", "test_5"),
        "test_1",
    ]
