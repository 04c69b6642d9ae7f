"""What each command does and prints: one file a group of commands."""
