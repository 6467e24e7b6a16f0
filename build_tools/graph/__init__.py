"""All articles to who, what and where is in which.

In: the summary of each article, the registries. Out: links between articles, and the Site that pages are made of.
May import: facts, cleaning, corpus, core.
"""
