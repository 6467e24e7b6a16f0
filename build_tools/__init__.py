"""生态环境会议文摘: scraped meeting texts in, a cross-linked static digest out."""

__version__ = "0.1.0"
