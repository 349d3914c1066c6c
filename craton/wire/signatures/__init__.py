"""Signature Version 4: what a request claims, and whether the claim is true."""
