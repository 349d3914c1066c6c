"""Users and roles, and the policies that are attached to them. Knows no key."""
