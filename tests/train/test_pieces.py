"""A sample is shown token by token: all of its text, each character once, and what is learnt is marked as such."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from schemas.labelled_row import Piece
from tests.train.families import FAMILIES, REAL, fetched
from tests.train.samples import record
from tests.train.tiny import tiny_tokenizer
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED, TokenizedRecord, tokenized
from train.samples.pieces import WINDOW, decoded, pieces_of

UNREADABLE = "\ufffd"
TEXT = st.text(max_size=12) | st.sampled_from(
    ["七天内可以退。", "👩‍👩‍👧 𠮷", " a  b\n\n", "é\u0301\r\n\t", "﷽ꙮ", "\u202e<b>"]
)


@cache
def tokenizer_of(family: str) -> Any:
    return FAMILIES[family].tokenizer()


@cache
def real(name: str) -> Any:
    return fetched(name)


def control_of(chat: ChatFormat) -> set[int]:
    return {chat.tokenizer.convert_tokens_to_ids(token) for token in chat.traits.control}


def cut(tokenizer: Any, *turns: str) -> list[tuple[TokenizedRecord, tuple[Piece, ...]]]:
    """Every sample of a conversation with its pieces."""
    chat = ChatFormat(tokenizer)
    samples = [one for one in tokenized(record(*turns), chat, 4096) if isinstance(one, TokenizedRecord)]
    return [(sample, pieces_of(tokenizer, sample, control_of(chat))) for sample in samples]


def check(tokenizer: Any, sample: TokenizedRecord, pieces: tuple[Piece, ...]) -> None:
    """The law: the pieces are the whole sample, in tokens, in text and in what is learnt."""
    assert "".join(piece.text for piece in pieces) == decoded(tokenizer, sample.ids)
    assert sum(piece.tokens for piece in pieces) == len(sample.ids)
    assert sum(piece.tokens for piece in pieces if piece.learnt) == sample.label_tokens()
    control = control_of(ChatFormat(tokenizer))
    assert sum(piece.control for piece in pieces) == sum(id in control for id in sample.ids)


@given(st.sampled_from(sorted(FAMILIES)), TEXT, TEXT, TEXT)
def test_the_pieces_are_the_sample_in_every_family(family: str, question: str, first: str, second: str) -> None:
    for sample, pieces in cut(tokenizer_of(family), question, first, question, second):
        check(tokenizer_of(family), sample, pieces)
        for piece in pieces:  # of bytes: a token each, or one character
            is_whole = piece.tokens == 1 or (len(piece.text) == 1 and piece.tokens == len(piece.text.encode()))
            assert is_whole or UNREADABLE in question + first + second


@settings(max_examples=25)
@given(data=st.data())
@pytest.mark.parametrize("name", REAL)
def test_the_pieces_are_the_sample_by_real_tokenizers(name: str, data: st.DataObject) -> None:
    turns = [data.draw(TEXT) for _ in range(4)]
    for sample, pieces in cut(real(name), *turns):
        check(real(name), sample, pieces)
        spread = [piece for piece in pieces if piece.tokens > 1]
        assert not [piece for piece in spread if piece.text.isascii() or piece.tokens > 8]


@given(st.sampled_from(["chatml", "gemma", "r1"]), st.lists(st.integers(0, 300), max_size=40))
def test_ids_that_are_no_text_are_shown_whole_all_the_same(family: str, ids: list[int]) -> None:
    tokenizer = tokenizer_of(family)
    ids = [id % len(tokenizer) for id in ids]
    sample = TokenizedRecord("r", "domain", tuple(ids), tuple(ids))
    pieces = pieces_of(tokenizer, sample, set())
    assert "".join(piece.text for piece in pieces) == decoded(tokenizer, ids)
    assert sum(piece.tokens for piece in pieces) == len(ids)


VOCABULARY = (" ", "a", "b", " a", " b")


def cut_text(tokenizer: Any, text: str) -> list[tuple[str, int]]:
    """The pieces of a text, each with its number of tokens."""
    ids = tuple(tokenizer(text, add_special_tokens=False)["input_ids"])
    return [
        (piece.text, piece.tokens) for piece in pieces_of(tokenizer, TokenizedRecord("r", "domain", ids, ids), set())
    ]


def sentencepiece(strips: bool) -> Any:
    """A tokenizer as Llama 2's (which strips the first space) and Gemma's: words, and bytes for all else."""
    words = ["<unk>", *(f"<0x{n:02X}>" for n in range(256)), *(word.replace(" ", "▁") for word in VOCABULARY)]
    merges = [("▁", "a"), ("▁", "b")]
    core = Tokenizer(
        models.BPE({w: n for n, w in enumerate(words)}, merges, byte_fallback=True, unk_token="<unk>", fuse_unk=True)
    )
    core.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always" if strips else "never", split=False)
    end = [decoders.Strip(" ", 1, 0)] if strips else []
    core.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), *end])
    return PreTrainedTokenizerFast(tokenizer_object=core, unk_token="<unk>")


@pytest.mark.parametrize("strips", [True, False])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b  a", ["a", " b", " ", " a"]),
        ("a你 好b", ["a", "你", " ", "好", "b"]),
        ("b 😀😀 a", ["b", " ", "😀", "😀", " a"]),
        ("a\nb", ["a", "\n", "b"]),
        ("a" * (WINDOW + 2) + " b a", [*"a" * (WINDOW + 2), " b", " a"]),
    ],
)
def test_spaces_and_spread_characters_stay_where_a_decoder_drops_the_first_space(
    strips: bool, text: str, expected: list[str]
) -> None:
    tokenizer = sentencepiece(strips)
    pieces = cut_text(tokenizer, text)
    assert [piece for piece, _ in pieces] == expected
    assert [tokens for _, tokens in pieces] == [1 if piece in VOCABULARY else len(piece.encode()) for piece in expected]


def test_the_sign_for_the_unreadable_is_a_character_like_others() -> None:
    expected = [("天", 3), (UNREADABLE, 3), ("a", 1), (UNREADABLE, 3), (UNREADABLE, 3), ("天", 3), (UNREADABLE, 3)]
    assert cut_text(tiny_tokenizer(), "".join(text for text, _ in expected)) == expected


def test_spaces_before_punctuation_stay_also_where_a_tokenizer_cleans_them_up() -> None:
    tokenizer = tiny_tokenizer()
    tokenizer.clean_up_tokenization_spaces = True
    tokenizer.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output = True
    assert "".join(text for text, _ in cut_text(tokenizer, "a . b , do n't ?")) == "a . b , do n't ?"


class Counting:
    """A tokenizer that counts how many tokens it is asked to decode; with `backwards`, texts end with the first."""

    def __init__(self, backwards: bool = False) -> None:
        self.tokenizer, self.tokens, self.step = tiny_tokenizer(), 0, -1 if backwards else 1

    def decode(self, ids: list[int], **settings: bool) -> str:
        self.tokens += len(ids)
        return str(self.tokenizer.decode(ids[:: self.step], **settings))


def work(ids: list[int], *, backwards: bool = False) -> int:
    """Count the tokens that are decoded to cut these."""
    counting = Counting(backwards)
    pieces = pieces_of(counting, TokenizedRecord("r", "domain", tuple(ids), tuple(ids)), set())
    assert sum(piece.tokens for piece in pieces) == len(ids)
    return counting.tokens


@pytest.mark.parametrize("text", ["abc ", "七天", "\ufffd"])
def test_the_work_grows_with_the_number_of_tokens(text: str) -> None:
    ids = tiny_tokenizer()(text * 300)["input_ids"]
    assert work(ids * 4) < 4.2 * work(ids)


def test_the_work_on_what_is_no_text_grows_no_faster() -> None:
    half = tiny_tokenizer()("天")["input_ids"][:1]
    assert work(half * 4000) < 4.2 * work(half * 1000)
    first, other = tiny_tokenizer()("xa")["input_ids"]
    assert work([first, *[other] * 4000], backwards=True) < 4.2 * work([first, *[other] * 1000], backwards=True)


def test_a_character_that_is_learnt_in_part_is_learnt() -> None:
    ids = tuple(tiny_tokenizer()("天a")["input_ids"])
    sample = TokenizedRecord("r", "domain", ids, (IGNORED, IGNORED, ids[2], IGNORED))
    pieces = pieces_of(tiny_tokenizer(), sample, set())
    assert [(p.text, p.tokens, p.learnt) for p in pieces] == [("天", 3, True), ("a", 1, False)]


def test_nothing_is_no_piece() -> None:
    assert pieces_of(tiny_tokenizer(), TokenizedRecord("r", "domain", (), ()), set()) == ()
