"""Who may call: accounts, access keys and API keys. Knows no signature and no HTTP."""
