"""Measures: building, searching and printing beside peers in the same run. Nothing imports it; it is not in the wheel.

In: the words of `digest bench`. Out: tables of seconds, MiB and ratios.
May import: every room.
"""
