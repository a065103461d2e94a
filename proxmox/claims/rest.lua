-- Lets a number rest. KEYS: claimed numbers, resting numbers. ARGV: number, for how many ms, the run whose claim on it ends or ''.
-- Answers `ok`.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] ~= '' and redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[3] then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%d', now))
redis.call('ZADD', KEYS[2], 'GT', string.format('%d', now + tonumber(ARGV[2])), ARGV[1])
return { 'ok' }
