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
tsc -p .
tsc -p base/page
tsc -p chat/web/page
tsc -p lab/discord/page
tsc -p lab/slack/page
knip --no-progress

# Two halves, since each is one process and uses one core. What the first half says is shown when it has ended.
half() { node --test --test-isolation=none --test-force-exit --test-timeout=30000 "$@"; }
said=$(mktemp)
trap 'rm -f "$said"' EXIT
half '{base,chat,cloud-init,commands,guest,jobs,lab,proxmox}/**/*.test.ts' 'test/{contracts,faults}/**/*.test.ts' >"$said" 2>&1 &
first=$!
second=0
# shellcheck disable=SC2046
half $(find bot test -name '*.test.ts' -not -path 'test/contracts/*' -not -path 'test/faults/*') || second=$?
wait "$first" || { cat "$said"; exit 1; }
cat "$said"
[ "$second" = 0 ] || exit "$second"
[ "$fast" = yes ] && exit 0

# Real machines under software emulation: one file at a time, each may use both cores.
node --test --test-concurrency=1 --test-timeout=1500000 '{lab,test}/**/*.slow.ts'
