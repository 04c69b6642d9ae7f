#!/usr/bin/env bash
# One environment per peer, with pinned versions: benchmarks/peers/install.sh /some/dir [peer ...]
# A peer that cannot be installed is reported in one line and left out. PYTHON (3.11+) makes all of them but text-dedup,
# whose current version needs 3.12: PYTHON312.
set -u
dir=${1:?usage: install.sh DIRECTORY [peer ...]}
shift
peers=${*:-rensa datasketch text-dedup datatrove data-juicer}
mkdir -p "$dir"

packages() {
    case $1 in
    rensa) echo rensa==0.5.0 ;;
    datasketch) echo datasketch==2.0.0 xxhash==3.6.0 ;;
    text-dedup) echo text-dedup==0.4.1 datasets==5.2.0 ;;
    datatrove) echo datatrove==0.10.1 orjson==3.13.0 ftfy==6.3.1 regex==2026.11.19 xxhash==3.8.2 nltk==3.10.4 \
        tokenizers==0.23.3 spacy==3.8.18 jieba==0.42.1 ;;
    data-juicer) echo py-data-juicer==1.6.1 datasets==5.2.0 torch==2.13.0 ray==2.60.0 ftfy==6.3.1 \
        regex==2026.11.19 scipy==1.17.1 aiohttp==3.14.5 ;; # what it would fetch by itself at the first use, CUDA included
    *) return 1 ;;
    esac
}

python_for() {
    case $1 in
    text-dedup) echo "${PYTHON312:-python3.12}" ;;
    *) echo "${PYTHON:-python3}" ;;
    esac
}

for peer in $peers; do
    log=$dir/$peer.log
    wanted=$(packages "$peer") || { echo "$peer: unknown"; continue; }
    # shellcheck disable=SC2086
    if "$(python_for "$peer")" -m venv --clear "$dir/$peer" >"$log" 2>&1 &&
        "$dir/$peer/bin/python" -m pip --disable-pip-version-check install --quiet $wanted >>"$log" 2>&1; then
        echo "$peer: installed ($(du -sm "$dir/$peer" | cut -f1) MB)"
    else
        rm -rf "${dir:?}/$peer"
        echo "$peer: not installed: $(grep -v WARNING "$log" | tail -n 1 | cut -c 1-150)"
    fi
done
