"""Personal data: what stands in the place of a value (pseudonyms, fakes, keyed hashes), and the release gate, which
scans whatever is about to be published once more.

What personal data looks like is not said here but in `rules.personal`. The stage `mask` puts the parts together;
`build` and `publish` call the gate.

Start with `pseudonyms.py`, then `release_gate.py`; `fakes.py` says why a fake can be told from a real value.

Imports: rules.lexicons, rules.personal.
"""
