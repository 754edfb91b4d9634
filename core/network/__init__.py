"""The mathematics: layers, the forward pass, backpropagation, and layers that are resized."""
