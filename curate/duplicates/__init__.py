"""Finds texts that repeat each other: shingles, signatures, candidates, and the exact test that decides."""
