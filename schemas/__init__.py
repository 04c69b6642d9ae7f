"""What data looks like. Imports nothing of ours."""
