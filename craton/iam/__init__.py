"""Who calls, and what they may: accounts, users, roles, keys, sessions and policies. Knows no signature and no HTTP."""
