"""Things that compute: models that answer, models that embed, and the supervisor that keeps each in its own process.

Knows no catalogue, account, HTTP door or store.
"""
