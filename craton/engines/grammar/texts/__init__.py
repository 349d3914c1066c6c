"""Sets of texts: of characters, by patterns and by formats. Knows no JSON, schema or grammar."""
