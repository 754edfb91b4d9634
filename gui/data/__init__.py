"""The Data tab: the training images, their classes, and what is made of them."""
