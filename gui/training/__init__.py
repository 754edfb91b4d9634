"""The threads that train and load data."""
