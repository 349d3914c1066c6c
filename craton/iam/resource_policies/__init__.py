"""Policies of resources, by ARN: who else may use what an account has made."""
