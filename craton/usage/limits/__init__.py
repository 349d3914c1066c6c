"""What quotas and budgets have in common: whom they are about, where they are kept, sums over a day or a month."""
