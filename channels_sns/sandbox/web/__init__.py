"""The citizens' pages: one small feed per network."""
