"""What a cloud says on its operator's message bus, taken as hints: the API stays the truth."""
