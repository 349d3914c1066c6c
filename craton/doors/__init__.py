"""Where requests come in: the only importers of `craton.wire`."""
