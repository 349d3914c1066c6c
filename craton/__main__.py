"""`python -m craton` is the `craton` command."""

from craton.cli import main

main()
