"""Where resources are kept: documents with versions, names, tags, pages and idempotency. Knows no capability."""
