"""A fake keeps the shape and is nobody's: the gate knows it again, and takes no real value for one."""

import random
import re

import pytest

from curate.privacy.fakes import FAKED, SHAPES, fake, without_fakes
from rules.personal import BLANK, KINDS, find
from schemas.digest import digest

VALUES = {name: kind.examples.finds[0][1] for name, kind in KINDS.all().items()}
KIND_SEEDS = [(kind, digest("test", n)) for kind in sorted(FAKED) for n in range(20)]


def test_every_kind_can_be_faked() -> None:
    assert set(KINDS.names()) == FAKED


@pytest.mark.parametrize("chinese", [True, False])
@pytest.mark.parametrize(("kind", "seed"), KIND_SEEDS)
def test_a_fake_is_known_again_wherever_it_stands(kind: str, seed: str, chinese: bool) -> None:
    made = fake(kind, seed, VALUES[kind], chinese)
    for before, after in (
        ("", ""),
        ("订单号：", "，谢谢"),
        ("my number is ", " and 30 more"),
        ("电话", "好的"),
        ("(", ")"),
    ):
        assert without_fakes(f"{before}{made}{after}", [kind]) == f"{before}{BLANK * len(made)}{after}"


@pytest.mark.parametrize(
    ("kind", "value", "shape"),
    [
        ("mobile", "138-1234-5678", r"12\d-\d{4}-\d{4}"),
        ("mobile", "13812345678", r"12\d{9}"),
        ("id_card", "110105 19491231 0021", r"99\d{4} \d{8} \d{4}"),
        ("bank_card", "4111 1111 1111 1111", r"000\d \d{4} \d{4} \d{4}"),
        ("phone", "415-555-0132", r"000-\d{3}-\d{4}"),
        ("ssn", "219-09-9999", r"000-\d{2}-\d{4}"),
        ("licence_plate", "沪A12345", r"京I\d{5}"),
        ("ip", "8.8.4.4", r"2[45]\d\.\d+\.\d+\.\d+"),
        ("email", "a@b.cn", r"[a-z]{14}@example\.com"),
    ],
)
def test_a_fake_has_the_shape_of_its_value(kind: str, value: str, shape: str) -> None:
    assert re.fullmatch(shape, fake(kind, digest(1), value, True))


@pytest.mark.parametrize("kind", KINDS.names())
def test_what_the_examples_find_is_no_fake(kind: str) -> None:
    for text, value in KINDS.load(kind).examples.finds:
        assert value in without_fakes(text, sorted(FAKED))


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_a_slip_in_a_fake_is_not_passed(kind: str) -> None:
    made = fake(kind, digest(2), VALUES[kind], True)
    last = made[:-1] + str((int(made[-1]) + 1) % 10)
    assert without_fakes(last, [kind]) == last


def test_no_real_number_of_a_million_passes_as_a_fake() -> None:
    chance = random.Random(7)
    mobiles = [f"1{chance.choice('3456789')}{chance.randrange(10**9):09}" for _ in range(200_000)]
    assert without_fakes("，".join(mobiles), sorted(FAKED)) == "，".join(mobiles)
    numbers = [str(chance.randrange(10 ** (n % 9 + 10), 10 ** (n % 9 + 11))) for n in range(200_000)]
    assert without_fakes("，".join(numbers), sorted(FAKED)) == "，".join(numbers)


def test_of_numbers_with_the_reserved_start_one_in_a_hundred_thousand_passes() -> None:
    chance = random.Random(7)
    passed = sum(without_fakes(f"12{chance.randrange(10**9):09}", ["mobile"])[0] == BLANK for _ in range(50_000))
    assert passed <= 4


def test_a_real_number_beside_a_fake_is_still_found() -> None:
    text = f"{fake('mobile', digest(3), '', True)}，13812345678，{fake('email', digest(3), '', True)}"
    assert [found.kind for found in find(without_fakes(text, sorted(FAKED)))] == ["mobile"]
