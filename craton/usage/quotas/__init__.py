"""How much in a minute, in a day and at once: quotas of requests and tokens. Knows no price."""
