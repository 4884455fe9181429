"""`python -m dashboard` is the command `contact-line`."""

from dashboard.cli import main

main()
