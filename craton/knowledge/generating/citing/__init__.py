"""What in an answer rests on what: its sentences, the marks that a model writes, and comparing. Knows no request."""
