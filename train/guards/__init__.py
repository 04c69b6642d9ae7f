"""The guards before the first step: what would teach the wrong thing, or come to nothing, is found and named.

Each file looks at one thing and yields findings: `version_guard` at the rows, `template_guard` at the chat template,
`sample_guard` at the samples, `machine_guard` at the disk. `train.preflight` asks them all.

Imports: schemas, train.models, train.samples, train.version_reader.
"""
