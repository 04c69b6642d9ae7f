"""From a version to an examined model. Imports schemas only; nothing of curate or rules.

Nothing is fetched at run time: the libraries are told so before any of them is imported.
"""

import os
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# peft asks transformers by an old name; neither can be changed here.
warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)
