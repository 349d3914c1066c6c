"""How a provider is called: settings and secrets, connections, errors, retries, streams. Knows no API."""
