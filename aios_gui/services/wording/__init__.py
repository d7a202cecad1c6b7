"""Facts into sentences and figures into text, in the language of the user."""
