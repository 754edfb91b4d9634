"""Classrooms: files in which a teacher says what the window shows and begins with."""
