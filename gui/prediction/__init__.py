"""Which network predicts, with which edits, and the prediction itself: no widgets."""
