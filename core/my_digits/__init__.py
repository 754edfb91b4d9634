"""The user's own digits: kept as files, imported and exported."""
