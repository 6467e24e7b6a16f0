"""Everything that is written besides Markdown: the HTML site, search bundles, PDFs, feeds, open data.

In: Site, Articles, Markdown below docs/. Out: files below a staging folder, and the journal that moves them.
May import: pages, graph, facts, cleaning, corpus, core.
"""
