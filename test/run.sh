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

# What is skipped is told in the last lines, however the tests end.
said=$(mktemp -d)
finish() {
  if find "$said" -name 'skipped-*' -size +0 | grep -q .; then
    printf 'Skipped:\n'
    cat "$said"/skipped-*
  fi
  rm -rf "$said"
}
trap finish EXIT

# Runs functions of this script beside each other, and tells in turn what each has printed: most of them wait at times, and then the others have the cores.
beside() {
  started=''
  failed=0
  for name in "$@"; do
    "$name" >"$said/$name" 2>&1 &
    started="$started $name:$!"
  done
  for one in $started; do
    wait "${one#*:}" || failed=$?
    cat "$said/${one%:*}"
  done
  return "$failed"
}

# One process for each call. The limit of a test is there to end what hangs; how long something may take is for the tests to say, which do not count time
# that others took away.
tests() {
  name=$1; shift
  node --test --test-isolation=none --test-force-exit --test-timeout=240000 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=./test/skipped.ts --test-reporter-destination="$said/skipped-$name" "$@"
}

checks() {
  # Where this is a checkout, formatting and lint follow the files that git knows.
  biome ci --colors=off --error-on-warnings .
  # One checker: more of them check much of the same again. What has not changed since the last time
  # is not checked anew.
  tsc -p . --checkers 1 --incremental --tsBuildInfoFile node_modules/.cache/types.tsbuildinfo
  for page in base chat/web lab/discord lab/slack; do tsc -p "$page/page"; done
  knip --no-progress
}

# The fast part: checks, and each room's own tests.
engine_tests() { tests engine 'jobs/**/*.test.ts' 'test/contracts/*.test.ts'; }
talk_tests() { tests talk '{bot,chat}/**/*.test.ts'; }
other_tests() {
  # shellcheck disable=SC2046
  tests other $(find . -name '*.test.ts' -not -path './node_modules/*' | grep -vE '^\./(jobs|bot|chat|test/(contracts|stories|chat))/')
}
beside checks engine_tests talk_tests other_tests
[ "$fast" = yes ] && exit 0

# Stories: the whole program around simulated machines.
early_stories() { tests early-stories 'test/stories/[a-d]*.test.ts'; }
middle_stories() { tests middle-stories 'test/stories/[e-o]*.test.ts'; }
late_stories() { tests late-stories 'test/stories/[!a-o]*.test.ts'; }
chat_stories() { tests chat-stories 'test/chat/*.test.ts'; }
beside early_stories middle_stories late_stories chat_stories

# Real machines under software emulation: one file at a time, each may use both cores.
node --test --test-concurrency=1 --test-timeout=1500000 --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=./test/skipped.ts --test-reporter-destination="$said/skipped-slow" '{lab,test}/**/*.slow.ts'
