#!/usr/bin/env bash
# Installs what the tests need, runs the whole suite and ends with one line: N passed, N failed, N skipped.
#   tests/run.sh           scale 1: 10 kills, 100 random schemas
#   tests/run.sh --long    scale 10
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [ "${1:-}" = "--long" ]; then export MLOPS_TEST_SCALE=10; shift; fi

# The native toolchain compiles the ahead-of-time smoke application; libgomp runs LightGBM and FastTree; mount mounts the full disk, and setpriv (util-linux) runs the database servers as an unprivileged user.
need=()
command -v gcc >/dev/null || command -v clang >/dev/null || need+=(gcc libc6-dev)
[ -e /usr/include/zlib.h ] || need+=(zlib1g-dev)
ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || need+=(libgomp1)
command -v mount >/dev/null || need+=(mount)
command -v setpriv >/dev/null || need+=(util-linux)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || need+=(postgresql)
{ [ -x /usr/sbin/mariadbd ] && [ -x /usr/bin/mariadb-install-db ]; } || need+=(mariadb-server)
if [ ${#need[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: ${need[*]}"
    # The tests start servers of their own: the packages must not start theirs, and their installation must not fail where nothing can be started.
    policy=/usr/sbin/policy-rc.d
    [ -e $policy ] && policy= || { printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy; }
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"; } >/dev/null || echo "Could not install ${need[*]}; the tests that need them are skipped."
    [ -z "$policy" ] || rm -f "$policy"
  else
    echo "Missing: ${need[*]} (not root, so not installed); the tests that need them are skipped."
  fi
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build Mlops.Sdk.sln -c Release -v quiet -nologo || { echo "The build failed."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
code=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  echo "== $name"
  "$project/bin/Release/net10.0/$name" --no-ansi --progress off --report-xunit-xml --report-xunit-xml-filename "$name.xml" --results-directory "$results" "$@" || code=$?
done

count() { cat "$results"/*.xml 2>/dev/null | grep -o '<assembly [^>]*' | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(count passed) failed=$(count failed) skipped=$(count skipped) errors=$(count errors)
failed=$((failed + errors))
if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "The test runner ended with exit code $code although no test failed: a test process crashed or ran no test."
  failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
