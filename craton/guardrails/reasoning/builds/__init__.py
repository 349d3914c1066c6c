"""Build workflows of automated reasoning policies: what proposes, changes, examines and reports.

Grammar takes sentences apart, a model names what they speak of, the solver decides what is kept. Knows no job and no
storage.
"""
