"""Records into what the model reads and learns: token ids with labels, and batches of them.

Start with `label_mask.tokenized`; `prepare` does it for all records of a version and counts what is lost on the way,
`pieces` cuts a sample into its tokens as text for people to look at.

Imports: schemas, train.models.
"""
