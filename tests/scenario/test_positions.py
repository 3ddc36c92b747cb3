"""Where keys and values of a TOML text stand: lines and columns counted by hand."""

import pytest

from rustok_sim.scenario.positions import Positions

TEXT = """\
# a comment
name = "größe" # another
a.b . "c d" = 1

[deployment.database]   # the header
round_trip = { dist = "constant", value_s.x = 2 }

[[load]]
points = [[0, 1], # why
  [5, 6]]
users.think = 3
[[load]]
[load.tenants]
count = 5
[[load.sub]]
[[load.sub]]
x = 1
[deployment]
n = { "ü" = 1, 'y' = 2 }
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("name",), (2, 1), (2, 8)),
        (("a",), (3, 1), (3, 15)),
        (("a", "b", "c d"), (3, 7), (3, 15)),
        (("deployment", "database"), (5, 13), (5, 1)),
        (("deployment", "database", "round_trip", "dist"), (6, 16), (6, 23)),
        (("deployment", "database", "round_trip", "value_s", "x"), (6, 43), (6, 47)),
        (("load", 0), (8, 1), (8, 1)),
        (("load", 0, "points", 0, 1), (9, 15), (9, 15)),
        (("load", 0, "points", 1), (10, 3), (10, 3)),
        (("load", 0, "users", "think"), (11, 7), (11, 15)),
        (("load", 1), (12, 1), (12, 1)),
        (("load", 1, "tenants", "count"), (14, 1), (14, 9)),
        (("load", 1, "sub", 1, "x"), (17, 1), (17, 5)),
        (("deployment",), (5, 2), (18, 1)),
        (("deployment", "n", "y"), (19, 16), (19, 22)),
    ],
)
def test_keys_and_values_have_places(path, key, value):
    """Headers stand for the values of their tables; columns count characters, not bytes."""
    positions = Positions(TEXT)
    assert (positions.find(path, at="key"), positions.find(path)) == (key, value)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("nothing",), (1, 1)),
        (("load", 1, "name"), (12, 1)),
        (("deployment", "database", "round_trip", "mean_s"), (6, 14)),
        (("load", 5, "name"), (8, 1)),
    ],
)
def test_what_is_not_there_is_told_of_the_table_above(path, place):
    """The header, the opening brace, or the top of the file."""
    assert Positions(TEXT).find(path, at="key") == place


@pytest.mark.parametrize(
    "text", [f"{TEXT}, nodes", "= 5", "a = ", "[", "[]", "[[]]", "a.'b = 1", '"\\q" = 1', "x = {", "\0"]
)
def test_text_that_is_not_toml_costs_places_and_no_more(text):
    """The two parsers need not agree on what is right."""
    line, column = Positions(text).find(("a", "b", 0))
    assert line >= 1
    assert column >= 1
