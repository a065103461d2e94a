-- A slot was shown, or was tried. KEYS: due, slot. ARGV: name, token, revision that was shown, pause in ms before the next time,
-- '1' when it has to be tried again whatever happens, '1' when what was tried is urgent.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[2], 'lease', 'leaseUntil')
if ARGV[5] ~= '1' then
  redis.call('HDEL', KEYS[2], 'anew')
end
local next = now + tonumber(ARGV[4])
redis.call('HSET', KEYS[2], 'next', string.format('%.0f', next))
if ARGV[5] == '1' then
  if ARGV[6] == '1' then
    redis.call('HSET', KEYS[2], 'urgent', '1')
  end
  redis.call('ZADD', KEYS[1], next, ARGV[1])
elseif redis.call('HGET', KEYS[2], 'rev') ~= ARGV[3] then
  local urgent = redis.call('HGET', KEYS[2], 'urgent') == '1'
  redis.call('ZADD', KEYS[1], urgent and now - 10000000 or next, ARGV[1])
else
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return 1
