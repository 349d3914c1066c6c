"""Durable work: jobs that outlive the process that runs them. Knows no capability."""
