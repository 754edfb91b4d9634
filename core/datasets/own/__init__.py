"""The user's own data: images of 2 to 10 classes, read from folders and files of other programs."""
