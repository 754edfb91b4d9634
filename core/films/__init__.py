"""A run's film as an animation, or as a strip of pictures for a worksheet."""
