"""The session and the threads that train and load data."""
