"""Commands that are killed."""
