"""What stages are called: by people, who type and read, and by the canonical recipe and the ledger, which keep ids."""

RECORDED = {"quality": "judge"}
"""Stages that are recorded under an older name than the one that people type: the ids of versions hang on it."""
TYPED = {recorded: typed for typed, recorded in RECORDED.items()}


def recorded_name(name: str) -> str:
    """Give the name in the canonical recipe, in the ledger and in cache keys; either name is understood."""
    return RECORDED.get(name, name)


def typed_name(name: str) -> str:
    """Give the name that people type and read; either name is understood."""
    return TYPED.get(name, name)
