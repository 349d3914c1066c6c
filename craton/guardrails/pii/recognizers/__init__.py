"""What is recognised by its form: tables of recognizers by the kind of numbers, and the arithmetic of check digits."""
