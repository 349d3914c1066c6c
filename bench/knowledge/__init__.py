"""Benchmarks of knowledge bases: what is found, how fast, and whether citations are right."""
