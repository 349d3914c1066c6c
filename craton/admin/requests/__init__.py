"""Requests as their account sees them: those that run, what became of the others, what was said in them."""
