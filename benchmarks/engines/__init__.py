"""Work kept as rows: queue libraries, and the least code of our own, on SQLite and PostgreSQL."""
