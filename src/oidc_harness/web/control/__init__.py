"""Pages of the server itself, below `/_harness/`: what the control API does, for people."""
