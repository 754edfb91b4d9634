"""The metrics of a run, step by step and in buckets, in bounded memory."""
