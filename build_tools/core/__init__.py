"""Plain types and small tools that every room uses and that know no stage.

In: nothing. Out: the types of an article, a registry and a site; text, edits, files, workers, diagnostics.
May import: nothing of this package.
"""
