"""What leaves the house: an export of a version, with its dataset card, its Croissant file and its licences.

The export formats are a room of their own. The stages say which personal data a recipe masks, and the release gate of
`privacy` scans what is written. A build takes the card and the check of the licences from here, and erasure the card.

Start with `export.py`: written beside its target, scanned, and then there whole or not at all.

Imports: privacy, publish.export_formats, stages, store, system.
"""
