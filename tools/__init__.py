"""What is run by hand and in checks, never by the server: the makers of generated files."""
