"""Amounts in sentences, English and German: numbers in figures and words, their units, and how they are compared.

The one reader of numbers, for whoever compares texts or formalises them. Knows no policy.
"""
