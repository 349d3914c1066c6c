"""Build workflows of automated reasoning policies: what proposes, changes, examines and reports.

A model proposes; the solver decides what is kept. Knows no job and no storage.
"""
