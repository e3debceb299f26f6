"""What is made from the law for people to read: the law book of a profile, and the card for the wall."""

from brightline.publish.book import write_book

__all__ = ["write_book"]
