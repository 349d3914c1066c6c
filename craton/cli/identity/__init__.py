"""The commands on accounts, users, roles and keys."""
