"""Responses that are kept: conversations continued by id, answers made in the background, fetched and deleted."""
