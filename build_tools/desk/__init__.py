"""The curator's commands.

In: the words of a command line. Out: a report on the terminal, and an exit code.
May import: run, outputs, pages, graph, facts, cleaning, corpus, core.
"""
