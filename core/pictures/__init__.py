"""Photos and scans: decoded, and the digit found in them."""
