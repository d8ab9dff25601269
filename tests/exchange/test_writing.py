"""What is written out as a spreadsheet is text: no cell begins what a spreadsheet would run."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from kittiwake.exchange.writing import as_csv, safe


@given(
    rows=st.lists(
        st.tuples(
            st.text(), st.sampled_from(["=1+1", "+44", "-2", "@SUM", " =x", "\t=x", "\ufeff=x"])
        ),
        max_size=8,
    )
)
def test_no_cell_begins_with_what_is_run(rows):
    text = as_csv(("One", "Two"), rows)
    assert text.startswith("\ufeff")
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for row in back[1:]:
        for cell in row:
            assert not cell.lstrip(" \u00a0\ufeff\u200b").startswith(("=", "+", "-", "@"))


def test_plain_text_stays_as_it_is():
    assert [safe(c) for c in ("Zoë O’Neil", 7, None, "a=b")] == ["Zoë O’Neil", "7", "", "a=b"]
    assert safe("=cmd") == "'=cmd"
