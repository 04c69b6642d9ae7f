"""How data flows: from raw files to a version. Imports schemas and rules."""
