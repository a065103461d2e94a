-- Gives a run the next number of a prefix. KEYS: claimed (HASH name -> run), highest (HASH prefix -> highest number ever given),
-- the runs under way (ZSET) when that matters.
-- ARGV: run, prefix, '1' to keep the claim, numbers of this prefix that Proxmox has … Answers `ok` and the name, or `over`.
local run, prefix, keep = ARGV[1], ARGV[2], ARGV[3] == '1'
-- A worker that stood still while its run ended must not claim anything in its name.
if KEYS[3] and keep and not redis.call('ZSCORE', KEYS[3], (string.match(ARGV[1], '^[^:]+'))) then
  return { 'over' }
end
local highest = tonumber(redis.call('HGET', KEYS[2], prefix) or '0')
local taken = {}
for i = 4, #ARGV do
  local number = tonumber(ARGV[i])
  taken[number] = true
  highest = math.max(highest, number)
end

local mine
local claimed = redis.call('HGETALL', KEYS[1])
for i = 1, #claimed, 2 do
  local name = claimed[i]
  local digits = string.sub(name, 1, #prefix + 1) == prefix .. '-' and string.match(name, '^%d+$', #prefix + 2)
  if claimed[i + 1] == run then
    if digits and not taken[tonumber(digits)] then
      return { 'ok', name }
    end
    mine = name
  elseif digits then
    -- Somebody chose this name by hand, and its VM is being made.
    highest = math.max(highest, tonumber(digits))
  end
end

local name = prefix .. '-' .. string.format('%d', highest + 1)
if keep then
  if mine then
    redis.call('HDEL', KEYS[1], mine)
  end
  redis.call('HSET', KEYS[1], name, run)
  redis.call('HSET', KEYS[2], prefix, string.format('%d', highest + 1))
end
return { 'ok', name }
