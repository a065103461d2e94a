-- Lets go of all that a run claimed, itself or under a name of its own (`run:…`).
-- KEYS: claimed numbers, claimed names, highest numbers of names, rooms, claimed addresses. ARGV: run, '1' when its VMs are there to stay. Answers `ok`.
local run, settled = ARGV[1], ARGV[2] == '1'

local function isMine(owner)
  return owner == run or string.sub(owner, 1, #run + 1) == run .. ':'
end
for _, key in ipairs({ KEYS[1], KEYS[2], KEYS[5] }) do
  local claimed = redis.call('HGETALL', key)
  for i = 1, #claimed, 2 do
    if isMine(claimed[i + 1]) then
      redis.call('HDEL', key, claimed[i])
      -- A name chosen by hand counts as given too, once its VM was there.
      local prefix, digits = string.match(claimed[i], '^(.+)%-(%d+)$')
      if settled and digits and #digits <= 9 then
        local highest = tonumber(redis.call('HGET', KEYS[3], prefix) or '0')
        redis.call('HSET', KEYS[3], prefix, string.format('%d', math.max(highest, tonumber(digits))))
      end
    end
  end
end
for _, owner in ipairs(redis.call('HKEYS', KEYS[4])) do
  if isMine(owner) then
    redis.call('HDEL', KEYS[4], owner)
  end
end
return { 'ok' }
