"""How much money in a month: hard budgets. Knows no price."""
