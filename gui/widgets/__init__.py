"""Controls, displays and colours that several views use."""
