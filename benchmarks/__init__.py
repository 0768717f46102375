"""What the suite costs: figures for whoever changes it, none of which a test holds."""
