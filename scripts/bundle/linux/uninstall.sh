#!/bin/sh
# Takes back what install.sh did. Runs, settings and your digits stay.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
link=$HOME/.local/bin/digitscope

if_there() {
    if command -v "$1" >/dev/null; then "$@" 2>/dev/null || true; fi
}

rm -f "$data/applications/digitscope.desktop" "$data/mime/packages/digitscope.xml"
rm -f "$data"/icons/hicolor/*/apps/digitscope.png "$data/icons/hicolor/scalable/apps/digitscope.svg"
if_there update-desktop-database "$data/applications"
if_there update-mime-database "$data/mime"
if_there gtk-update-icon-cache --quiet --force --ignore-theme-index "$data/icons/hicolor"
if [ -L "$link" ] && [ "$(readlink "$link")" = "$here/digitscope" ]; then rm "$link"; fi
echo "Digitscope is out of the menu. Delete this folder to remove it."
