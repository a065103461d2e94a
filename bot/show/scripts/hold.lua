-- Slots that are still being shown. KEYS: due. ARGV: prefix of slots, lease in ms, then name, token … Who lost one hears of it when it notes something.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 3, #ARGV, 2 do
  local slot = ARGV[1] .. ARGV[i]
  if redis.call('HGET', slot, 'lease') == ARGV[i + 1] then
    redis.call('HSET', slot, 'leaseUntil', string.format('%.0f', now + ARGV[2]))
    redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[i])
  end
end
return 1
