"""A force's file of missing episodes and its mapping, as the tests of police files begin."""

from kittiwake.exchange import bringing, mapping, mappings, police
from tests.worlds import NOW

MAPPING = """
standard = "police"
[columns]
record = "Misper Ref"
person = "Person ID"
given = "Forename"
family = "Surname"
born = "DOB"
sex = "Gender"
missing_from = "Missing From"
missing_time = "Missing Time"
returned = "Returned Date"
returned_time = "Returned Time"
grade = "Risk Level"
incident = "Incident No"
circumstances = "Circumstances"
[codes.grade]
"Standard plus" = "high"
"""
HEAD = (
    b"\xef\xbb\xbfMisper Ref,Person ID,Forename,Surname,DOB,Gender,Missing From,Missing Time,"
    b"Returned Date,Returned Time,Risk Level,Incident No,Circumstances\r\n"
)
BACK = (
    b"MP-1,N100,Kit,Sample,04/03/2012,Female,01/06/2026,21:40,02/06/2026,03:10,High,"
    b"SC-0412,Left after a telephone call.\r\n"
)
OUT = (
    b"MP-2,N100,Kit,Sample,2012-03-04,F,20/11/2026,2205,,,standard PLUS,SC-0519,"
    b"Did not come home from school."  # and no line end
)


def feed(w, by="clerk", at=NOW, **more):
    force = w.agencies["police"]
    read = mapping.read("saltmarsh", MAPPING)
    return police.feed_of(force, "Saltmarsh Constabulary", read, w.who(by), at, **more)


def save(w):
    return mappings.save("saltmarsh", MAPPING, w.who("clerk"), NOW)


def bring(w, *rows, name="police.csv", **more):
    return bringing.bring_in([(name, HEAD + b"".join(rows))], feed(w, **more))
