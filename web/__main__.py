"""`python -m web` is `placet`."""

from web.cli import main

main()
