#!/usr/bin/env bash
# Fetches the data that the benchmarks need into benchmarks/data (git-ignored): the npm package vega-datasets, which holds flights-3m.parquet.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
target="$here/data"
if [ -f "$target/flights-3m.parquet" ]; then
    echo "benchmarks/data/flights-3m.parquet is there"
    exit 0
fi
mkdir -p "$target"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent vega-datasets@3.2.1 >/dev/null && tar -xzf vega-datasets-3.2.1.tgz package/data/flights-3m.parquet)
mv "$work/package/data/flights-3m.parquet" "$target/flights-3m.parquet.tmp"
mv "$target/flights-3m.parquet.tmp" "$target/flights-3m.parquet"
echo "fetched benchmarks/data/flights-3m.parquet"
