#!/bin/sh
# Prints the path of a Python that can run Digitscope: python3, else the newest by name.
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    # Without links: when an upgrade removes this version, .venv's link to it dangles, and make
    # then creates .venv again.
    "$candidate" -c 'import os, sys
if sys.version_info < (3, 11): sys.exit(1)
print(os.path.realpath(sys.executable))' 2>/dev/null && exit
done
echo "Digitscope needs Python 3.11 or newer, and there is none ($(python3 --version 2>&1));" \
    "install one (Debian, Ubuntu: sudo apt-get install python3) and try again." >&2
exit 1
