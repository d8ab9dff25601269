"""`python -m kittiwake`: the command line."""

from kittiwake.config.commands import main

main()
