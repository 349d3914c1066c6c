"""What slices stand on: who calls, which operation, how it is dispatched."""
