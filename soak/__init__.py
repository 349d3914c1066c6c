"""What must hold for long: each trial counts and times what happened, a few times in the tests and many times here."""
