"""A Site and its Articles to Markdown; every text is escaped, every page is plain Markdown with front matter.

In: Site, Article. Out: Pages, and which articles each of them depends on.
May import: graph, facts, cleaning, corpus, core.
"""
