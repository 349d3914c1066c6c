"""What families share that answer with a plain text, or hide something in it. Knows no family."""
