"""The order of the stages, what is cached by what, how a killed build is resumed.

In: a corpus. Out: a site ready to host. `pipeline.build` is the whole flow on one screen.
May import: outputs, pages, graph, facts, cleaning, corpus, core.
"""
