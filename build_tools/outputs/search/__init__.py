"""Exact full-text search: bundles of one shard each, in the format that Pagefind reads."""
