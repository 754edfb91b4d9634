"""Tests of gui/search."""
