"""The lies the provider can tell: one file per seam, named as it; `state.py` for what happens between requests."""
