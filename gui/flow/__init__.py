"""The Flow tab: how an image flows through the network."""
