"""The Mistakes tab: which digits are confused, and the images themselves."""
