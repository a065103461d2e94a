-- Gives a run the name or address it wishes. KEYS: claimed (HASH name -> run), the runs under way (ZSET) when that matters. ARGV: run, name, '1' to keep the claim.
-- Answers `ok`, `over`, or `claimed` and by whom.
local run, name = ARGV[1], ARGV[2]
-- A worker that stood still while its run ended must not claim anything in its name.
if KEYS[2] and ARGV[3] == '1' and not redis.call('ZSCORE', KEYS[2], (string.match(ARGV[1], '^[^:]+'))) then
  return { 'over' }
end
local owner = redis.call('HGET', KEYS[1], name)
if owner and owner ~= run then
  return { 'claimed', owner }
end
if ARGV[3] == '1' then
  local claimed = redis.call('HGETALL', KEYS[1])
  for i = 1, #claimed, 2 do
    if claimed[i + 1] == run then
      redis.call('HDEL', KEYS[1], claimed[i])
    end
  end
  redis.call('HSET', KEYS[1], name, run)
end
return { 'ok' }
