"""Automated reasoning policies as resources: versions, tests, and the workflows that build and test them."""
