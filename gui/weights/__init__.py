"""The weights tab: units as images, an inspector, and edits."""
