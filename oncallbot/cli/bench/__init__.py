"""How fast is it on this machine? `run` measures everything and says it; `resolver`, `pages`, `machine` are its parts.

It must not be needed by anything else.
"""
