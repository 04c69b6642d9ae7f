"""From a version to an examined model. Imports schemas only; nothing of curate or rules."""
