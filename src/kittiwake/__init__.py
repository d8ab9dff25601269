"""One picture of every child at risk, and a clock on every promise made to them."""

__version__ = "0.1.0"
