"""The language guard: each phrase of the list in a sentence, what it leaves alone, and reasons."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kittiwake.kernel.language import (
    frequency_as_reason,
    generic_instruction,
    not_a_reason,
    resource_as_reason,
    shipped,
    warnings,
)

# The phrases of the list as people write them in a log, by the number of their row.
SENTENCES = [
    (1, "He is missing through choice."),
    (1, "She has chosen to stay missing."),
    (2, "This is not unusual for him."),
    (2, "It’s not out of character."),
    (3, "She will always return."),
    (3, "He always comes back in the morning."),
    (4, "He is a regular missing person."),
    (4, "A frequent misper."),
    (5, "She goes missing frequently."),
    (5, "Frequently reported missing by the home."),
    (6, "This is in her usual parameters."),
    (7, "She will return home at her own volition."),
    (8, "Going out after ten is against their rules."),
    (9, "He said it was consensual."),
    (9, "She won’t make a complaint."),
    (10, "High demand tonight trumped the ability to progress."),
    (11, "Officers to check addresses."),
    (12, "Late at night so not checked."),
    (12, "Not visited because of the hour."),
    (13, "She is putting herself at risk."),
    (14, "There was sexual activity with an adult."),
    (15, "She has been sexually active since twelve."),
    (16, "He has been contacting adult males by phone."),
    (17, "Men were offering her drugs seemingly in return for sex."),
    (18, "He is involved in CCE."),
    (19, "She is in a relationship with a man of 30."),
    (19, "Her boyfriend drove them."),
    (20, "He was associating with a gang."),
    (20, "She spends time with older men."),
    (21, "She has been sending explicit pictures to an adult."),
    (22, "He was recruited last summer."),
    (23, "He is working for the elders."),
    (23, "He is running county lines."),
    (24, "He became involved in crime."),
    (25, "She goes back to her exploiters."),
    (26, "He keeps going missing."),
    (27, "He acted as a money mule."),
    (28, "She admitted plugging."),
    (29, "She was kept as a slave."),
    (30, "Their vulnerabilities led to them being abused."),
    (31, "He is a known troublemaker."),
    (32, "She makes poor relationship choices."),
    (33, "Why didn’t they leave sooner?"),
    (34, "She must have known what would happen when she got in that car."),
    (35, "A child prostitute."),
    (35, "She has been prostituting herself."),
    (36, "He absconded at eight."),
    (36, "An absconder."),
    (37, "He has challenging behaviour."),
    (38, "She had contact with her mother."),
    (38, "Supervised contact is on Tuesdays."),
    (39, "He is a LAC child."),
    (39, "A care leaver."),
    (40, "Her placement broke down."),
    (40, "He is difficult to place."),
    (41, "She is NEET."),
    (42, "There was disguised compliance."),
    (43, "She met an online “friend”."),
    (44, "She is promiscuous."),
    (45, "It is a lifestyle choice."),
    (46, "He is streetwise."),
    (46, "She is mature for her age."),
    (46, "She looks older."),
    (47, "This is attention seeking."),
    (48, "He can be manipulative."),
    (49, "She is refusing to engage."),
    (49, "He won’t cooperate."),
    (50, "She failed to attend."),
    (50, "DNA at the clinic."),
    (51, "He is a drug runner."),
    (51, "A dealer in his own right."),
    (52, "He is a gang member."),
    (52, "He is a nominal."),
    (53, "She puts herself in dangerous situations."),
    (53, "This is risky behaviour."),
    (54, "She consented."),
    (54, "He was a willing participant."),
    (55, "The alleged victim is fourteen."),
    (55, "She claims he hit her."),
    (55, "She says she was raped."),
    (56, "He is a liar."),
    (56, "She changes her story."),
    (57, "She was drunk."),
    (57, "He was high at the time."),
    (58, "She wore provocative clothing."),
    (59, "He is beyond parental control."),
    (60, "This is low-level."),
    (60, "It was just sexting."),
    (60, "They were only experimenting."),
    (61, "It was just a domestic."),
    (62, "NFA – no cooperation."),
    (63, "He is known to police."),
    (64, "She is a time waster."),
    (64, "The home is a drain on resources."),
    (65, "He is a typical teenager."),
    (65, "This is normal for her age."),
    (66, "Home on his own accord, no further action."),
]


@pytest.mark.parametrize(("row", "sentence"), SENTENCES, ids=[text for _, text in SENTENCES])
def test_each_phrase_of_the_list_is_found_in_a_sentence(row, sentence):
    found = {each.row: each for each in warnings(sentence)}
    assert str(row) in found, found
    each = found[str(row)]
    assert sentence[each.start : each.end] == each.text
    assert each.better


def test_every_row_of_the_list_has_a_sentence_here():
    assert {row for row, _ in SENTENCES} == {each.n for each in shipped().phrases}
    assert [each.n for each in shipped().phrases] == list(range(1, 67))


LEFT_ALONE = [
    "She was last seen at 23:03 outside the bus station with two adults in a grey car.",
    "The risk was high because a man on bail has been messaging.",
    "Child's whereabouts are not known; she may not be free to come back.",
    "This is episode 4 in 60 days, and the pattern has changed.",
    "The child was not brought to the appointment.",
    "DNA test results are with the laboratory.",
    "He agreed to share what he said, and consented to the medical.",
    "Domestic abuse between the adults; three children at home.",
    "Victim of modern slavery.",
    "We have not yet found a way to help him.",
    "He ran away from home after school.",
    "The insurance claims adviser rang back.",
    "Please contact the duty inspector.",
    "She sees her mum on Tuesdays.",
    "Drugs were found in the car of the adult.",
    "There is no sign of a high-risk adult.",
    "She plugged in her phone at the café.",
    "Officers are contacting the man who rents the flat.",
    "A man has been messaging her.",
    "This is high on the list for the next shift.",
    "The phone signal is unreliable there.",
    "The inspector set a low level of risk at 22:10.",
    "He was seen near the car dealer on Quay Street.",
]


@pytest.mark.parametrize("sentence", LEFT_ALONE)
def test_plain_accounts_are_left_alone(sentence):
    assert warnings(sentence) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "He is not streetwise.",
        "She is never promiscuous.",
        "This was not just a domestic.",
        "It is not a lifestyle choice.",
        "No child is a willing participant.",
    ],
)
def test_a_denied_label_is_no_warning(sentence):
    assert warnings(sentence) == ()


def test_a_not_in_another_clause_denies_nothing():
    assert [each.row for each in warnings("He did not ring. Absconded at eight.")] == ["36"]
    assert [each.row for each in warnings("Not seen today, absconded.")] == ["36"]
    assert [each.row for each in warnings("He did not ring and absconded.")] == ["36"]


@pytest.mark.parametrize(
    "sentence",
    [
        'She said: "I keep going missing because he is my boyfriend."',
        "She said “he’s my boyfriend and I consented”.",
        "Her words: 'they said I'm a liar'",
        "He told us ‘I was just experimenting, don’t tell Mum’ and cried.",
    ],
)
def test_a_quotation_stays_a_quotation(sentence):
    assert warnings(sentence) == ()


def test_outside_the_quotation_the_words_count():
    text = "She said “leave me alone”. Her mother’s view: she is manipulative, it’s her choice."
    assert [each.text for each in warnings(text)] == ["manipulative"]


def test_one_place_has_one_warning_and_they_come_in_order():
    text = "A regular missing person who is streetwise and keeps going missing."
    found = warnings(text)
    assert [each.row for each in found] == ["4", "46", "26"]
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.lists(st.sampled_from([text for _, text in SENTENCES]), max_size=6), st.text(max_size=30))
def test_spans_never_overlap_and_always_fit_the_text(sentences, noise):
    text = noise.join(sentences)
    reached = 0
    for each in warnings(text):
        assert each.start >= reached
        assert text[each.start : each.end] == each.text
        reached = each.end


FREQUENCY = [
    "He is a regular missing person.",
    "Missing frequently, medium is appropriate.",
    "She always comes back.",
    "This is in her usual parameters.",
    "He keeps going missing so low.",
    "She is known to go missing.",
    "He does this every weekend.",
    "She usually comes home by midnight.",
    "She has been missing so many times.",
    "Returned safe and well on all previous occasions.",
    "Numerous previous episodes.",
    "He has gone missing dozens of times.",
    "Low because she always comes back, no increase in risk.",
    "Given the frequency of her episodes, medium.",
    "A frequent flyer.",
    '"He is a regular missing person" is the reason for medium.',
]
FREQUENCY_RAISES = [
    "He has gone missing dozens of times, which increases the risk.",
    "12 previous episodes.",
    "Repeat episodes: 12. Reasons: an older man, a debt.",
    "This is episode 12 in 90 days.",
    "She goes missing often, and each time with more danger: the risk is higher.",
    "Risk is set on harm, not on how often.",
    "Repeat episodes raise the concern; she goes missing regularly and this raises it again.",
    "Frequent missing episodes do not lower the level.",
]


@pytest.mark.parametrize("text", FREQUENCY)
def test_trap_5_frequency_is_no_reason_for_a_lower_level(text):
    found = frequency_as_reason(text)
    assert found
    assert all(each.category and each.better for each in found)


@pytest.mark.parametrize("text", FREQUENCY_RAISES)
def test_frequency_may_raise_the_risk(text):
    assert frequency_as_reason(text) == ()


RESOURCE = [
    "High demand trumped the ability to progress.",
    "No units available.",
    "There are no officers free to send.",
    "Due to current demand this is medium.",
    "Owing to staffing levels.",
    "Because of other incidents tonight.",
    "We are short-staffed.",
    "Lack of resources.",
    "Limited staff on nights.",
    "Resources do not allow.",
    "Too busy.",
    "Other jobs took priority.",
    "A backlog of jobs.",
    "Low, given operational demand.",
]
NOT_RESOURCE = [
    "Her resources are few: no money, no phone.",
    "He demanded money from her.",
    "Officers are at the address now.",
    "The level was not set because of demand.",
    "She has a busy life at school.",
    "He has no capacity to consent.",
    "Raised due to previous incidents of violence.",
]


@pytest.mark.parametrize("text", RESOURCE)
def test_g11_want_of_people_is_no_reason(text):
    assert resource_as_reason(text)


@pytest.mark.parametrize("text", NOT_RESOURCE)
def test_what_is_not_about_resource_is_left_alone(text):
    assert resource_as_reason(text) == ()


GENERIC = [
    "Check addresses",
    "check known addresses by 22:00",
    "Usual enquiries",
    "Keep trying phone",
    "Keep ringing her mobile.",
    "Make enquiries.",
    "Continue enquiries",
    "Area search",
    "Search the area.",
    "Check usual haunts",
    "Ring round friends",
    "Obs passed",
    "Await return",
    "Awaiting update",
    "Attempts to locate",
    "Liaise with partners.",
    "Routine checks",
    "Monitor",
]
TARGETED = [
    "Check addresses: 14 Quay Street, then 3 Mill Road.",
    "Visit 14 Quay Street by 22:00: her cousin lives there. PC Okafor.",
    "Search the area of Seal Point bus station.",
    "Speak with Mrs Adeyemi about the grey car.",
    "Ring 07700 900123, the cousin's phone, at 21:00.",
    "Make enquiries at Harbour Hotel about room 12.",
    "Keep trying his phone, 07700 900456, every half hour.",
    "Check usual places: Seal Point and the arcade.",
    "Try the flat at ZZ99 3AB.",
]


@pytest.mark.parametrize("text", GENERIC)
def test_g9_an_instruction_that_names_nobody_is_generic(text):
    assert generic_instruction(text)


@pytest.mark.parametrize("text", TARGETED)
def test_an_instruction_with_a_target_is_not_generic(text):
    assert generic_instruction(text) == ()


def test_of_two_instructions_the_generic_one_is_named():
    found = generic_instruction("Visit 14 Quay Street by 22:00. Usual enquiries.")
    assert [each.text for each in found] == ["Usual enquiries"]


@pytest.mark.parametrize(("row", "text"), [pair for pair in SENTENCES if pair[0] <= 7])
def test_phrases_1_to_7_never_stand_as_a_reason_even_in_quotation_marks(row, text):
    assert not_a_reason(text)
    assert not_a_reason(f"Her carer says “{text}”")


def test_frequency_and_resource_are_no_reasons_and_harm_is_one():
    assert {each.row for each in not_a_reason("Known to go missing. No units available.")} == {
        "frequency",
        "resource",
    }
    assert not_a_reason("A man on bail has been messaging her; she has no phone and no coat.") == ()
    assert not_a_reason("She goes missing frequently, and that raises the risk.") == ()


def test_better_words_break_none_of_the_rules():
    for phrase in shipped().phrases:
        assert not [each.text for each in warnings(phrase.better)], phrase.n
