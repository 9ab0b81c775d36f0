"""What all topics show: blocks, fields, buttons, labels and the words of errors."""

from handlers.ui import authorization_words, cloud_error_words  # noqa: F401 - registers their words
