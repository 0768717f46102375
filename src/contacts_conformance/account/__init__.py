"""What a run does with an account, and what it owes it."""
