"""The Sheet tab: the digits of a picture with several."""
