"""Looking inside a network: units, activations, saliency, edits, and what is wrong with a layer."""
