"""The files of models on this machine, and how they come here. Knows no request and no engine."""
