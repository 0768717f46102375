"""What the right answer would have been: plain Python over a list of dicts, sharing nothing with any server."""
