"""TOML files that people write: read strictly, with the line of whatever is wrong."""
