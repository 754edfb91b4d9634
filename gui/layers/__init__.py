"""The Layers tab: distributions, gradients, and dead or saturated units of each layer."""
