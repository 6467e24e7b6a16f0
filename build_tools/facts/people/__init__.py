"""Who is in a text: names, their offices and what they do.

In: the paragraphs, titles and decks of one article. Out: Mentions, from which `people` makes Participants.
May import: the rest of facts, cleaning, corpus, core.
"""
