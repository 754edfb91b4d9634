"""The maths tab: every number of a step, with formulas."""
