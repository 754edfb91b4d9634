#!/bin/sh
# Adds Digitscope to the desktop's menu and to "Open with", for this user.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
program=$here/digitscope
data=${XDG_DATA_HOME:-$HOME/.local/share}
link=$HOME/.local/bin/digitscope

if_there() {
    if command -v "$1" >/dev/null; then "$@" 2>/dev/null || true; fi
}

case $program in
*[\"\`\$\\]* | *"
"*)
    echo "install.sh: the path of this folder has a character that menu entries cannot hold: one of" >&2
    echo "\" \` \$ \\ or a line break. Move the folder and run install.sh again." >&2
    exit 1
    ;;
esac

mkdir -p "$data/applications" "$data/mime/packages" "$data/icons/hicolor/scalable/apps"
# In a menu entry, % begins a code; in sed's replacement, & and | have a meaning.
escaped=$(printf %s "$program" | sed 's/%/%%/g; s/[&|]/\\&/g')
sed "s|^Exec=digitscope|Exec=\"$escaped\"|" "$here/digitscope.desktop" \
    >"$data/applications/digitscope.desktop"
cp "$here/digitscope.xml" "$data/mime/packages/"
cp "$here/_internal/assets/icons/digitscope.svg" "$data/icons/hicolor/scalable/apps/"
for icon in "$here"/_internal/assets/icons/digitscope-*.png; do
    size=${icon##*-}
    folder=$data/icons/hicolor/${size%.png}x${size%.png}/apps
    mkdir -p "$folder"
    cp "$icon" "$folder/digitscope.png"
done

# What this desktop has of these; without them, the menu shows the entry after the next login.
if_there update-desktop-database "$data/applications"
if_there update-mime-database "$data/mime"
if_there gtk-update-icon-cache --quiet --force --ignore-theme-index "$data/icons/hicolor"

# A link into a folder like this one is replaced; any other program of this name stays.
if [ ! -e "$link" ] || [ -e "$(dirname "$(readlink -f "$link")")/digitscope.desktop" ]; then
    mkdir -p "${link%/*}"
    ln -sfn "$program" "$link"
else
    echo "$link is another installation of Digitscope, and stays."
fi
echo "Digitscope is in the menu. uninstall.sh takes it out again."
