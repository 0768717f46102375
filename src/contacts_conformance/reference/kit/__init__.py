"""What the reference servers share; nothing in here knows a provider."""
