"""The mistakes tab: which digits are taken for which."""
