"""The learning-rate test in the window: a copy of the network trains while the rate rises."""
