"""Routes: what is stored of them, and which of their models a turn is sent to."""
