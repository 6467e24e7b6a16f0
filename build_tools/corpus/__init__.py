"""What curators write, with the line of each fault.

In: the files of a corpus. Out: Raw articles with their Sidecars, and Registries; each fault is a line of the Report.
May import: core.
"""
