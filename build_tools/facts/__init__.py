"""Clean lines to facts, each with its evidence, or null.

In: Decoded, Cleaned, the sidecar and the registries. Out: an Article. `extract` is the order of the readers.
May import: cleaning, corpus, core.
"""
