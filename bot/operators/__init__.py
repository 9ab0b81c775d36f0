"""What `python -m bot` does for those who run it, beside serving: copies, messages, people."""
