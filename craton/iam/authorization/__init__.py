"""What a caller must be allowed for each operation, and whether the caller is. Knows no HTTP and no capability."""
