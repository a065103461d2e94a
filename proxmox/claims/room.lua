-- Counts a creation on its node. KEYS: rooms (HASH run -> JSON), the runs under way (ZSET) when that matters. ARGV: run, room. Answers `ok` or `over`.
-- A worker that stood still while its run ended must not claim anything in its name.
if KEYS[2] and not redis.call('ZSCORE', KEYS[2], (string.match(ARGV[1], '^[^:]+'))) then
  return { 'over' }
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return { 'ok' }
