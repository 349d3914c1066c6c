"""Automated reasoning checks: policies of variables, types and rules, and claims that a solver proves or refutes.

A text model translates language into logic over a policy's variables; what follows from it is proved by z3, in a
process of its own. Knows no operation and no storage.
"""
