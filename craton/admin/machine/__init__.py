"""Craton's operations on the server's machine: what it has, and the models on it, which all accounts share."""
