"""What was used, told from the ledger: sums by any grouping, single invocations, and exports for other programs."""
