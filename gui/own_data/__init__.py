"""Opening the user's own data: what was read, what was guessed, and how it looks."""
