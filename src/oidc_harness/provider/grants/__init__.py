"""The grant types of the token endpoint. Each gives `load` and `decide`; the phases all share live in `token.py`."""
