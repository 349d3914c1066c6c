"""Measurements. Never run as tests: figures are compared as ratios within one run."""
