"""What is used, by whom, and what it costs: metering, prices, quotas, budgets, reports. Knows no engine and no HTTP."""
