#!/bin/sh
# Every check in the order in which it pays to know of a failure. `botswain test` has set the tools up.
set -eu
if [ "${1:-}" = --faults ]; then
  shift
  exec node test/faults/main.ts "$@"
fi
if [ "${1:-}" = --chat-faults ]; then
  shift
  exec node test/chat/faults.ts "$@"
fi
fast=no
for word in "$@"; do
  case $word in
    --fast) fast=yes ;;
    *) printf 'botswain test knows --fast, --faults and --chat-faults, and not %s\n' "$word" >&2; exit 2 ;;
  esac
done

# Where this is a checkout, formatting and lint follow the files that git knows.
biome ci --colors=off --error-on-warnings .
# One checker: more of them check much of the same again. What has not changed since the last time
# is not checked anew.
tsc -p . --checkers 1 --incremental --tsBuildInfoFile node_modules/.cache/types.tsbuildinfo
tsc -p base/page
tsc -p chat/web/page
tsc -p lab/discord/page
tsc -p lab/slack/page
knip --no-progress

# What is skipped is told in the last lines, however the tests end.
said=$(mktemp -d)
finish() {
  if [ -s "$said/skipped-1" ] || [ -s "$said/skipped-2" ] || [ -s "$said/skipped-3" ] || [ -s "$said/skipped-4" ] || [ -s "$said/skipped-slow" ]; then
    printf 'Skipped:\n'
    cat "$said"/skipped-*
  fi
  rm -rf "$said"
}
trap finish EXIT

# Four parts, each one process: beside each other they use both cores while some of them wait, as stories mostly do. The limit of a test is there
# to end what hangs; how long something may take is for the tests to say, which do not count time that others took away.
part() {
  name=$1; shift
  node --test --test-isolation=none --test-force-exit --test-timeout=240000 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=./test/skipped.ts --test-reporter-destination="$said/skipped-$name" "$@"
}
part 1 '{base,cloud-init,commands,guest,jobs,lab,proxmox}/**/*.test.ts' >"$said/1" 2>&1 &
first=$!
part 2 '{chat,bot}/**/*.test.ts' 'test/{contracts,chat}/**/*.test.ts' >"$said/2" 2>&1 &
second=$!
failed=0
part 3 'test/stories/[a-g]*.test.ts' >"$said/3" 2>&1 &
third=$!
# shellcheck disable=SC2046
part 4 $(find . -name '*.test.ts' -not -path './node_modules/*' -not -path './test/contracts/*' -not -path './test/chat/*' \
  -not -path './test/stories/[a-g]*' | grep -vE '^\./(base|cloud-init|commands|guest|jobs|lab|proxmox|chat|bot)/') || failed=$?
wait "$third" || failed=$?
cat "$said/3"
wait "$first" || failed=$?
cat "$said/1"
wait "$second" || failed=$?
cat "$said/2"
[ "$failed" = 0 ] || exit "$failed"
[ "$fast" = yes ] && exit 0

# Real machines under software emulation: one file at a time, each may use both cores.
node --test --test-concurrency=1 --test-timeout=1500000 --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=./test/skipped.ts --test-reporter-destination="$said/skipped-slow" '{lab,test}/**/*.slow.ts'
