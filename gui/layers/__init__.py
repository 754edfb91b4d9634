"""The layers tab: how each layer fares."""
