"""The commands on what was used, what it costs and what may be used."""
