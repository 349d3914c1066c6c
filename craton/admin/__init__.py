"""Craton's own operations, described by a service model of the same format as AWS's (`data/craton`)."""
