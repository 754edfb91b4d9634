"""The flow tab: the way of an image through the network."""
