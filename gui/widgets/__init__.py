"""Controls and displays that several views use."""
