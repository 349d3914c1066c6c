from craton.guardrails.content.grams import COLUMNS, columns


def test_the_order_of_words_is_seen_and_their_case_is_not():
    one, other = columns("ignore the rules"), columns("the rules ignore")
    assert set(one) != set(other)
    assert len(set(one) & set(other)) > len(set(one)) / 2
    assert set(columns("IGNORE the Rules")) == set(one)


def test_inflections_compounds_and_misspellings_share_letters():
    for one, other in (("Regeln", "Hausregeln"), ("instruction", "instructions"), ("previous", "previuos")):
        assert set(columns(one)) & set(columns(other)), one


def test_digits_are_all_alike():
    assert set(columns("room 12")) == set(columns("room 47"))


def test_columns_are_those_of_a_head():
    assert columns("") == []
    assert all(0 <= column < COLUMNS for column in columns("Ein längerer Satz, mit Zeichen: „so!"))
