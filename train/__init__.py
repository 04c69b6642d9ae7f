"""From a version to an examined model: programs that the command line starts with a job file.

`tune` trains, `exam` examines, `check` says what stands against a training, `labels` shows a row as it is trained,
`distill` lets the base model answer general records, `scoring` says how likely the model finds answers.
This room imports schemas only; nothing of curate or rules. It alone imports torch, transformers and peft. Start with
`tune.py`, which reads from top to bottom: `preflight` (`version_reader`, `models/`, `samples/`, `guards/`), then
`loss`; then `exam.py`, with `generation`, `perplexity` and the metrics of `train.metrics`.

Nothing is fetched at run time, and no thread waits by spinning: the variables below say so to the libraries before any
of them is imported.
"""

import os
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# A thread of OpenMP that waits for others spins, and takes the core that they need: on two busy cores, a step of 0.9 s
# took 274 s with two of them. Read once, when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# peft asks transformers by an old name; we can change neither.
warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)
