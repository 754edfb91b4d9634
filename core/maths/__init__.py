"""One image, one unit and one weight, worked through with the numbers of the engine."""
