"""The client of a language model: questions out, answers of a stated shape back, each paid for once.

`request.py` is one question and all that is sent of it; log text goes into a field of data that it cannot leave.
`reply.py` reads what came back, strictly. `client.py` answers many questions at once, within the budget, and first
looks into `cache.py`, where every answer stands from the moment it came. `attempts.py` asks until there is an answer,
`endpoint.py` makes one call and is the only file that imports openai, and `manners.py` is what a server takes and what
it refuses. `spending.py` counts calls, tokens and money. What is sent must have been masked by the caller. Start with
`client.py`.

Imports: system.
"""
