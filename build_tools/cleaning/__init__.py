"""Bytes to clean lines, every change a recorded edit that can be reverted.

In: the bytes of one file. Out: Decoded and Cleaned: kept and dropped lines with their kinds, and the ledger of edits.
May import: corpus, core.
"""
