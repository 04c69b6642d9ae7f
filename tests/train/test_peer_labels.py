"""TRL and LLaMA-Factory, as released, prepare the same tokens as Hornbook and learn the same, but where tables say."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from schemas.record import Record
from tests.clients import HOME, asked, needs
from tests.train.families import fetched
from tests.train.peer_rows import ORDER, ROWS, Talk, exchanges
from tests.train.peer_ways import ASSISTANT, DATED, HISTORY, PEERS, SLOT, Way, settings
from tests.train.versions import line
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED, TOO_LONG, Skipped, TokenizedRecord, tokenized

Asks = Callable[[str], dict[str, Any]]
Ours = dict[str, tuple[Talk, TokenizedRecord | None]]
WAYS = [pytest.param(p, n, marks=needs(p), id=f"{p}-{n}") for p, ways in PEERS.items() for n in ways]
UNLIMITED = 1 << 16
TOKENIZERS = HOME / "tokenizers"
OTHERS: dict[str, dict[str, dict[str, Any]]] = {
    "trl": {
        "two questions": {"tokenizer": "gemma3", **ASSISTANT, "rows": [ROWS["two_questions"]]},
        "no answer": {"tokenizer": "llama3_1", **ASSISTANT, "rows": [ROWS["only_question"]]},
        "an older template": {"tokenizer": "qwen3", **ASSISTANT, "rows": [ROWS["greeting_zh"]]},
        "Meta's template": {"tokenizer": "llama3_1", "template": DATED, **ASSISTANT, "rows": [ROWS["greeting_zh"]]},
        "cut": {"tokenizer": "llama3_1", **ASSISTANT, "rows": [ROWS["long_answer"]], "max_length": 64},
    },
    "llamafactory": {
        "out of order": {"tokenizer": "llama3_1", **settings("llama3"), "rows": [*ORDER.values()]},
        "cut": {"tokenizer": "llama3_1", **settings("llama3", cutoff_len=64), "rows": [ROWS["long_answer"]]},
    },
}
"""What is asked besides."""


def record(talk: Talk) -> Record:
    return Record.model_validate({**line("r", "q", "a"), "messages": talk})


@cache
def tokenizer_of(model: str, template: str | None) -> Any:
    tokenizer = fetched(model)
    if template is not None:
        paths = [*HOME.glob(f"trl/lib/python*/site-packages/trl/chat_templates/{template}")]
        if not paths:
            pytest.skip("templates come with the client 'trl'; `make clients` installs it")
        tokenizer.chat_template = paths[0].read_text(encoding="utf-8")
    return tokenizer


def chat_of(way: Way) -> ChatFormat:
    return ChatFormat(tokenizer_of(way.model, way.template), None, way.thinking)


@cache
def ours(peer: str, name: str) -> Ours:
    """Hornbook's one sample of each row, or of each answer; None where it is not one."""
    way = PEERS[peer][name]
    found: Ours = {}
    for row, talk in ROWS.items():
        if row in ORDER and (row == "only_question" or not way.orders):
            continue
        samples = [None if isinstance(s, Skipped) else s for s in tokenized(record(talk), chat_of(way), UNLIMITED)]
        if way.unrolled and len(samples) > 1:
            found |= {f"{row}#{n}": pair for n, pair in enumerate(zip(exchanges(talk), samples, strict=True), 1)}
        else:
            found[row] = (talk, samples[0] if len(samples) == 1 else None)
    return found


def written_alike(talk: Talk, way: Way) -> Talk:
    """A row as Hornbook gives it to the template, and as the template trims it where the peer does not."""
    return [
        {"role": m["role"], "content": way.trims.get(m["role"], str)(m["content"])}
        for m in chat_of(way).conversation(talk)
    ]


def questions(peer: str) -> dict[str, dict[str, Any]]:
    asks = {}
    for name, way in PEERS[peer].items():
        rows = ours(peer, name)
        alike = [written_alike(rows[row][0], way) for row in sorted(way.differs)]
        asks[name] = {**way.job, "template": way.template, "tokenizer": way.model}
        asks[name]["rows"] = [*(talk for talk, _ in rows.values()), *alike]
    if peer == "llamafactory":
        asks["dated"] = {**asks["llama"], "rows": [ROWS["greeting_en"], [dated(), *ROWS["greeting_en"]]]}
    return asks | OTHERS[peer]


def dated() -> dict[str, str]:
    """The system message that Meta's template of Llama 3.1 writes of its own accord."""
    text = ChatFormat(tokenizer_of("llama3_1", DATED)).prompt(ROWS["greeting_en"][:1])
    return {"role": "system", "content": text.partition("<|end_header_id|>\n\n")[2].partition("<|eot_id|>")[0]}


@pytest.fixture(scope="module")
def answers_of(tmp_path_factory: pytest.TempPathFactory) -> Asks:
    """What a peer answers to all questions: one process, which takes seconds to import what it needs."""

    @cache
    def answers(peer: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp(peer)
        asks = questions(peer)
        jobs = [{**job, "tokenizer": str(TOKENIZERS / job["tokenizer"])} for job in asks.values()]
        (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
        found = asked(f"{peer}-labels", str(folder / "jobs.json"), str(folder), cache=folder)
        return dict(zip(asks, found, strict=True))

    return answers


def theirs(peer: str, name: str, answers_of: Asks) -> dict[str, dict[str, list[int]]]:
    return dict(zip(ours(peer, name), answers_of(peer)[name], strict=False))


def as_learnt_by(way: Way, sample: TokenizedRecord) -> dict[str, list[int]]:
    """Ids and labels, and the line feed behind the end of a turn among these where the peer learns it."""
    labels = list(sample.labels)
    for n in range(1, len(labels)) if way.feeds else ():
        if sample.labels[n] == IGNORED != sample.labels[n - 1]:
            labels[n] = sample.ids[n]
    return {"ids": list(sample.ids), "labels": labels}


@pytest.mark.parametrize(("peer", "name"), WAYS)
def test_every_token_and_label_is_the_same_but_where_the_table_says(peer: str, name: str, answers_of: Asks) -> None:
    way, rows = PEERS[peer][name], ours(peer, name)
    found = theirs(peer, name, answers_of)
    differing = {row for row, (_, sample) in rows.items() if sample is None or as_learnt_by(way, sample) != found[row]}
    assert differing == way.differs | way.apart


@pytest.mark.parametrize(("peer", "name"), WAYS)
def test_what_differs_is_the_same_once_it_is_written_alike(peer: str, name: str, answers_of: Asks) -> None:
    way, rows = PEERS[peer][name], ours(peer, name)
    found = dict(zip(sorted(way.differs), answers_of(peer)[name][len(rows) :], strict=True))
    samples = {row: rows[row][1] for row in way.differs}
    assert {r for r, sample in samples.items() if sample and as_learnt_by(way, sample) == found[r]} == way.differs


@pytest.mark.parametrize(("peer", "name"), WAYS)
def test_the_line_feed_behind_the_end_of_a_turn_is_learnt_by_peers_alone(
    peer: str, name: str, answers_of: Asks
) -> None:
    way, (_, sample) = PEERS[peer][name], ours(peer, name)["greeting_en"]
    assert sample is not None
    feed = tokenizer_of(way.model, way.template)("\n", add_special_tokens=False)["input_ids"]
    labels = theirs(peer, name, answers_of)["greeting_en"]["labels"]
    learnt = [label for label in labels if label != IGNORED]
    own = [label for label in sample.labels if label != IGNORED]
    assert learnt == [*own, *(feed if way.feeds else [])]


@pytest.mark.parametrize("peer", [pytest.param(peer, marks=needs(peer)) for peer in PEERS])
def test_peers_put_a_block_of_thinking_before_earlier_answers_of_qwen3(peer: str, answers_of: Asks) -> None:
    chat, found = chat_of(PEERS[peer]["qwen"]), theirs(peer, "qwen", answers_of)
    opens = chat.tokenizer.convert_tokens_to_ids("<think>")
    for row in HISTORY:
        samples = tokenized(record(ROWS[row]), chat, UNLIMITED)
        assert [s.ids.count(opens) for s in samples if isinstance(s, TokenizedRecord)] == [1] * len(samples)
        assert found[row]["ids"].count(opens) == len(samples) > 1


@needs("llamafactory")
@pytest.mark.parametrize("name", ["llama", "qwen_2507"])
def test_llamafactory_writes_a_number_in_place_of_idx(name: str, answers_of: Asks) -> None:
    found = theirs("llamafactory", name, answers_of)
    tokenizer = tokenizer_of(PEERS["llamafactory"][name].model, None)
    for row in SLOT:
        text = tokenizer.decode(found[row]["ids"])
        assert "第0个" in text and "第1个" in text and "第{{idx}}个" not in text


@needs("llamafactory")
def test_llamafactory_leaves_out_the_dates_that_llama_3_1_writes(answers_of: Asks) -> None:
    chat = ChatFormat(tokenizer_of("llama3_1", DATED))
    (sample,) = tokenized(record(ROWS["greeting_en"]), chat, UNLIMITED)
    assert isinstance(sample, TokenizedRecord)
    expected = as_learnt_by(PEERS["llamafactory"]["llama"], sample)
    assert "Today Date" in dated()["content"]
    assert [one == expected for one in answers_of("llamafactory")["dated"]] == [False, True]


@needs("trl")
@pytest.mark.parametrize(
    ("job", "error"),
    [
        ("two questions", "TemplateError"),
        ("no answer", "RuntimeError"),
        ("an older template", "ValueError"),
        ("Meta's template", "ValueError"),
    ],
)
def test_a_row_or_template_that_trl_does_not_know_ends_its_run(job: str, error: str, answers_of: Asks) -> None:
    assert answers_of("trl")[job] == error


@needs("llamafactory")
def test_llamafactory_drops_rows_whose_turns_are_out_of_order(answers_of: Asks) -> None:
    assert answers_of("llamafactory")["out of order"] == []


@pytest.mark.parametrize("peer", [pytest.param(peer, marks=needs(peer)) for peer in PEERS])
def test_what_is_too_long_loses_its_end_in_peers_and_is_skipped_by_hornbook(peer: str, answers_of: Asks) -> None:
    (cut,) = answers_of(peer)["cut"]
    chat = ChatFormat(tokenizer_of("llama3_1", None), None, "off")
    end = chat.tokenizer.convert_tokens_to_ids("<|eot_id|>")
    assert len(cut["ids"]) == 64
    assert cut["labels"][-1] not in (IGNORED, end)
    assert tokenized(record(ROWS["long_answer"]), chat, 64) == [Skipped("r", TOO_LONG)]


@pytest.mark.parametrize("model", ["qwen3", "llama3_1", "gemma3"])
def test_the_ways_of_thinking_differ_where_there_is_a_thought_and_in_who_writes_the_empty_block(model: str) -> None:
    tokenizer = tokenizer_of(model, None)
    off, empty, keep = (ChatFormat(tokenizer, None, way) for way in ("off", "empty", "keep"))
    bare, thoughtful = record(ROWS["refund"]), record(ROWS["thought"])
    assert tokenized(bare, empty, UNLIMITED) == tokenized(bare, keep, UNLIMITED)
    assert tokenized(thoughtful, empty, UNLIMITED) != tokenized(thoughtful, keep, UNLIMITED)
    assert (tokenized(bare, off, UNLIMITED) == tokenized(bare, empty, UNLIMITED)) == (model != "qwen3")
