"""Several cores: who shares the work of a step, and how many pay."""
