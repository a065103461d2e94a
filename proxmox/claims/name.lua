-- Gives a run the name it wishes. KEYS: claimed (HASH name -> run). ARGV: run, name, '1' to keep the claim.
-- Answers `ok`, or `claimed` and by whom.
local run, name = ARGV[1], ARGV[2]
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
