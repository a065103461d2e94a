-- The next slots that are due, each given to one gateway. KEYS: due. ARGV: prefix of slots, how many, lease in ms, token,
-- '1' when the answer to an earlier call with this token was lost.
-- Answers name, revision, urgent … for each.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local taken = {}
local leased = ARGV[5] == '1' and redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, now + ARGV[3]) or {}
for _, name in ipairs(leased) do
  local slot = ARGV[1] .. name
  if redis.call('HGET', slot, 'lease') == ARGV[4] then
    taken[#taken + 1] = name
    taken[#taken + 1] = redis.call('HGET', slot, 'rev') or '0'
    taken[#taken + 1] = redis.call('HGET', slot, 'urgent') or '0'
  end
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  local slot = ARGV[1] .. name
  redis.call('HSET', slot, 'lease', ARGV[4], 'leaseUntil', string.format('%.0f', now + ARGV[3]))
  redis.call('ZADD', KEYS[1], now + ARGV[3], name)
  if redis.call('HDEL', slot, 'doubt') == 1 then
    redis.call('HSET', slot, 'anew', '1')
  end
  local urgent = redis.call('HGET', slot, 'urgent') or '0'
  -- From now on it says whether something urgent came while this is being shown.
  redis.call('HDEL', slot, 'urgent')
  taken[#taken + 1] = name
  taken[#taken + 1] = redis.call('HGET', slot, 'rev') or '0'
  taken[#taken + 1] = urgent
end
return taken
