"""Who may see a document: access control lists, and the way to its content. Knows no index and no search."""
