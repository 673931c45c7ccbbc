#!/usr/bin/env bash
# Makes flights.parquet and bad-arrivals.csv again. Needs npm and the .NET 10 SDK.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent vega-datasets@3.2.1 && tar -xzf vega-datasets-3.2.1.tgz)
dotnet run -c Release --project "$here/.." -- make-data "$work/package/data/flights-3m.parquet" "$here"
