"""A name is kept as given, and found however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kittiwake.people.names import full_name, name_key, parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë O’Neil-Abara", "ZOE ONEIL ABARA"),
        ("Łukasz Strauß", "lukasz strauss"),
        ("D'Arcy  Ní\u00a0Bhriain", "Darcy Ni Bhriain"),
        ("Søren", "soren"),
        ("İpek Yılmaz", "ipek yilmaz"),
    ],
)
def test_one_name_typed_two_ways_has_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_names_in_other_scripts_keep_their_letters():
    assert name_key("محمد علي") == "محمد علي"
    assert parts("मोहन कुमार") == ("मोहन", "कुमार")


def test_the_name_itself_is_kept_as_given():
    assert full_name(" Zoë ", "O’Neil-Abara\u00a0") == "Zoë O’Neil-Abara"


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name):
    assert name_key(name_key(name)) == name_key(name)
