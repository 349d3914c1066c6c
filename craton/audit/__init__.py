"""The audit trail: who changed what, when, kept so that nobody can change it unseen. Knows no HTTP."""
