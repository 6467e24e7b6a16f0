"""HTML: MkDocs over the Markdown, and the journal that brings it into the site."""
