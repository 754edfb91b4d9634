"""Records of all runs, and what is drawn and compared of them."""
