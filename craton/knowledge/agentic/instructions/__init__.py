"""Retrieval instructions: how an account wants its questions understood, searched for and answered."""
