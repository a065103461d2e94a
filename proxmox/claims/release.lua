-- Lets go of all that a run claimed, itself or under a name of its own (`run:…`).
-- KEYS: claimed numbers, resting numbers, claimed names, highest numbers of names, rooms.
-- ARGV: run, ms its numbers rest, '1' when its VMs are there to stay. Answers `ok`.
local run, restMs, settled = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function isMine(owner)
  return owner == run or string.sub(owner, 1, #run + 1) == run .. ':'
end
local function drop(key, each)
  local claimed = redis.call('HGETALL', key)
  for i = 1, #claimed, 2 do
    if isMine(claimed[i + 1]) then
      redis.call('HDEL', key, claimed[i])
      each(claimed[i])
    end
  end
end

drop(KEYS[1], function(number)
  if restMs > 0 then
    redis.call('ZADD', KEYS[2], 'GT', string.format('%d', now + restMs), number)
  end
end)
drop(KEYS[3], function(name)
  -- A name chosen by hand counts as given too, once its VM was there.
  local prefix, digits = string.match(name, '^(.+)%-(%d+)$')
  if settled and digits and #digits <= 9 then
    local highest = tonumber(redis.call('HGET', KEYS[4], prefix) or '0')
    if tonumber(digits) > highest then
      redis.call('HSET', KEYS[4], prefix, string.format('%d', tonumber(digits)))
    end
  end
end)
for _, owner in ipairs(redis.call('HKEYS', KEYS[5])) do
  if isMine(owner) then
    redis.call('HDEL', KEYS[5], owner)
  end
end
return { 'ok' }
