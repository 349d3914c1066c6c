from craton.guardrails.sentences import LONGEST, WHOLE, sentences, views


def test_sentences_end_at_marks_and_lines():
    text = 'He left the house. "Where are you going?" she asked.\nNobody answered her!'
    assert sentences(text) == [
        "He left the house.",
        '"Where are you going?',
        "she asked. Nobody answered her!",
    ]


def test_the_whole_is_judged_beside_its_sentences_and_none_twice():
    assert views("One sentence alone.") == ["One sentence alone."]
    assert views("This is the first.  This is the second.") == [
        "This is the first. This is the second.",
        "This is the first.",
        "This is the second.",
    ]
    assert views(" \n ") == []


def test_a_text_without_an_end_is_cut_so_that_nothing_is_lost():
    words = [f"word{number}" for number in range(600)]
    parts = views(" ".join(words))
    assert all(len(part) <= LONGEST for part in parts)
    assert set(" ".join(parts).split()) == set(words)
    # What stands at a border of one run is inside another.
    inside = {word for part in parts for word in part.split()[1:-1]}
    assert set(words[1:-1]) <= inside


def test_a_text_without_spaces_is_cut_too():
    parts = views("x" * (WHOLE + 1))
    assert parts
    assert all(len(part) <= LONGEST for part in parts)
