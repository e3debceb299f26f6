"""The brightline command."""
