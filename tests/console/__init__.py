"""The console in a real browser, at a running Craton with a real model."""
