"""Controls, displays and colors that several views use."""
