"""Tests of what goes to reviewers and comes back."""
