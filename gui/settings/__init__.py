"""The left column: what the network is, and how it learns."""
