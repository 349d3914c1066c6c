"""Converse to and from the bodies of other model APIs, one module per API; `families` is the table of them.

Every function here is pure. A dialect knows no engine, store, account, clock or HTTP: what a body says beyond the
answer (ids, the model's name, the time) arrives as a `Stamp`.
"""
