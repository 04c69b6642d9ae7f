"""What leaves the house: an export of a version, with its dataset card, its Croissant file and its licences.

This room imports `stages` (which personal data a recipe masks), `privacy` (the release gate), `store` and `system`,
besides `schemas`; its export formats are a room of their own. A build takes the card and the check of the licences
from here, and erasure the card.

Start with `export.py`: written beside its target, scanned, and then there whole or not at all.
"""
