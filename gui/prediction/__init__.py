"""Which network predicts, with which edits, and what it makes of the drawing: no widgets."""
