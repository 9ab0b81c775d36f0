"""Commands of `python -m bot` for operators: backups, unsent messages, people, the audit."""
