#!/usr/bin/env bash
# The demo: from a new project to a segment file and a message batch, on sample_data/. Each command is shown with what it says.
# Makes its project anew in build/demo each time, so it can be run again.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
export PDO_LANG="${PDO_LANG:-zh}" COLUMNS="${COLUMNS:-100}"
rm -rf build/demo
mkdir -p build/demo
cd build/demo

show() {
    printf '\n$ %s\n' "$*"
    bash -c "$*"
}

show "pdo init shop --template fresh-retail"
cd shop
for kind in products stores staff customers orders items events; do
    show "pdo import $kind sample_data/$kind.csv"
done
show "pdo validate"
show "pdo count 'items: {where: {category: 水果}}' --as-of 2026-03-02T09:00"
show "pdo preview 回店提醒 --as-of 2026-03-02T09:00"
show "pdo plan --as-of 2026-03-02T09:00"
show "pdo run --as-of 2026-03-02T09:00"
show "pdo run --as-of 2026-03-02T09:00"
show "pdo explain K00450 --tag 重要客户将流失"
show "pdo segment export 高价值将流失"
show "head -n 4 out/2026-03-02/高价值将流失.csv"
show "pdo batch list"
show "pdo batch withheld 1"
show "pdo batch approve 1"
show "pdo task export --date 2026-03-02"
show "pdo batch export 3 --per-sender"
show "head -n 3 out/2026-03-02/batch-3-G15.csv"
printf '\n'
