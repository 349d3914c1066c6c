"""Knowledge bases over SQL databases: a text model writes the query, and only what was checked ever runs."""
