#!/usr/bin/env bash
# Makes the environments of the programs that read what Hornbook writes: `make clients`, or only those named.
# They lie outside the checkout, in $HORNBOOK_CLIENTS or ~/.cache/hornbook/clients, and are made once.
set -euo pipefail
python=${1:?the interpreter of .venv}
shift
home=${HORNBOOK_CLIENTS:-$HOME/.cache/hornbook/clients}
here=$(cd "$(dirname "$0")" && pwd)
shared=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

environment() {  # a fresh one; with "shared" the packages of .venv stand behind its own
    rm -rf "$home/$1"
    "$python" -m venv "$home/$1"
    if [ "${2:-}" = shared ]; then share "$1"; fi
}

share() {
    echo "$shared" > "$("$home/$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/shared.pth"
}

install() {
    local name=$1
    shift
    "$home/$name/bin/python" -m pip --disable-pip-version-check install --quiet "$@"
}

for name in ${*:-datasets trl s3 llamafactory}; do
    if [ -f "$home/$name/.made" ] && cmp -s "$here/make.sh" "$home/$name/.made"; then
        case $name in trl | llamafactory) share "$name" ;; esac  # the checkout, and .venv with it, may be another one
        continue
    fi
    echo "making the client $name"
    case $name in
    datasets)
        environment datasets
        install datasets 'datasets==5.2.0' 'mlcroissant==1.1.1'
        ;;
    trl)
        environment trl shared
        install trl 'trl==1.16.0' 'datasets==5.2.0'
        ;;
    s3)
        environment s3
        install s3 'moto[s3]==5.2.5' 'flask==3.1.3' 'flask-cors==6.0.5'
        ;;
    llamafactory)
        environment llamafactory shared
        install llamafactory --no-deps -r "$here/llamafactory.txt"
        # Its native part is made for another torch; nothing here is heard.
        find "$home/llamafactory" -path '*/torchaudio/lib/*.so' -delete
        ;;
    *)
        echo "no client is called $name" >&2
        exit 2
        ;;
    esac
    cp "$here/make.sh" "$home/$name/.made"
done
