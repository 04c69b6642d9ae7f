"""rules try --reviews: how often people agreed with rules, and the limits that would have agreed best."""

from collections.abc import Sequence
from pathlib import Path

from curate.commands.rules import find_rule
from curate.decisions.reviews import read_reviews
from curate.history.rule_agreement import agreements_in_words, rule_agreements
from curate.store.store import Store
from curate.terminal.printing import emit
from schemas.errors import InputError


def print_agreement(store: Store, names: Sequence[str], reviews: Sequence[Path], *, as_json: bool) -> None:
    """Print it for one rule, or for all that the decisions are about. `names` are the rule, if any, and the version."""
    if len(names) not in (1, 2):
        raise InputError(
            "say which version, and which rule if not all: hornbook rules try reply_length --reviews FILE VERSION",
            "请写明版本，只看一条规则时写上规则：hornbook rules try reply_length --reviews 文件 版本",
        )
    *rules, version = names
    for rule in rules:
        find_rule(rule)
    decisions = [decision for path in reviews for decision in read_reviews(path)]
    found = rule_agreements(store, store.find(version), decisions, rules[0] if rules else None)
    if as_json:
        emit({"decisions": len(decisions), "rules": [agreement.model_dump(mode="json") for agreement in found]})
        return
    for sentence in agreements_in_words(found):
        print(sentence)
