"""What happened: recent requests and their traces, metrics, and spans for others. Knows no HTTP."""
