"""One module a client; each is run in an interpreter of its own."""
