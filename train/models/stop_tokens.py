"""The tokens at which an answer ends, whoever says so: the model, its tokenizer, or its chat template."""

from typing import Any

ASKS, ANSWERS = "hornbookasks", "hornbookanswers"


def stop_tokens(model: Any, tokenizer: Any) -> list[int]:
    """List the ids at which an answer ends, in their order.

    They are those of the model's own settings of generation, the end of the tokenizer, and the end of a turn in the
    template: Gemma, Phi-3 and GLM-4 end a turn with another token than a text. What is no token of the model is left
    out.
    """
    own = getattr(model.generation_config, "eos_token_id", None)
    wanted = [*(own if isinstance(own, list) else [own]), tokenizer.eos_token_id, turn_end(tokenizer)]
    tokens = model.get_input_embeddings().weight.shape[0]
    return sorted({n for n in wanted if type(n) is int and 0 <= n < tokens})


def turn_end(tokenizer: Any) -> int | None:
    """Find the control token that the template puts first behind an answer; None where it puts none.

    It may not be flagged special: every token that was added to the vocabulary counts, but for blank ones.
    """
    talk = [{"role": "user", "content": ASKS}, {"role": "assistant", "content": ANSWERS}]
    behind = tokenizer.apply_chat_template(talk, tokenize=False).rpartition(ANSWERS)[2]
    added = {n for n, token in tokenizer.added_tokens_decoder.items() if token.content.strip()}
    return next((n for n in tokenizer(behind, add_special_tokens=False)["input_ids"] if n in added), None)
