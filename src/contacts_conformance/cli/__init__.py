"""The commands; `main.py` has the command line, larger commands have a module each."""
