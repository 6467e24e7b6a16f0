"""Typeset PDFs by Typst: plain data in, PDF bytes out."""
