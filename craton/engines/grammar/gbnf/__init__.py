"""GBNF: its expressions and rules, and the numbers and strings of JSON in it. Knows no schema."""
