"""Craton's operations on identity: accounts, users, roles, policies, keys and sessions."""
