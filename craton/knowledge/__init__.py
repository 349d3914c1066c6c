"""Knowledge bases: documents in, cited answers out. Knows no door."""
