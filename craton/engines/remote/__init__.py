"""Engines that compute elsewhere: models of third-party providers, called over HTTP from the server process itself.

Each is an `Engine` as the local ones are. Knows one provider and one of its models at a time; which provider stands in
for which is the caller's matter.
"""
