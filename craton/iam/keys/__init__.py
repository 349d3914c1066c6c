"""What callers prove who they are with: access keys, API keys, temporary credentials. Knows no HTTP."""
