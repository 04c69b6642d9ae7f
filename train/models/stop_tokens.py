"""The tokens at which an answer ends, whoever says so: the model, its tokenizer, or its chat template."""

from typing import Any

from train.models.template_traits import traits_of


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
    """Find the control token that the template puts first behind an answer; None where it puts none."""
    token = traits_of(tokenizer).turn_end
    return None if token is None else int(tokenizer.convert_tokens_to_ids(token))


def answer_end(model: Any, tokenizer: Any) -> int | None:
    """Find the token that is learnt as the end of an answer where the template puts none: it stops the generation."""
    stops = getattr(model.generation_config, "eos_token_id", None)
    stops = stops if isinstance(stops, list) else [] if stops is None else [stops]
    own: int | None = tokenizer.eos_token_id
    return own if own in stops or not stops else stops[0]
