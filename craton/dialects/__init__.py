"""Converse to and from the bodies of other model APIs: a folder per maker of models, named as in their ids.

`families` is the table of them; what several share stands beside it.

Every function here is pure. A dialect knows no engine, store, account, clock or HTTP: what a body says beyond the
answer (ids, the model's name, the time) arrives as a `Stamp`.
"""
