-- Gives a run its number. KEYS: claimed (HASH number -> run), resting (ZSET number -> until, ms), the runs under way (ZSET) when that matters.
-- ARGV: run, from, to, wish or '', '1' to keep the claim, numbers that Proxmox has …
-- Answers `ok` and the number, `over`, `taken`, `claimed` and by whom, `resting` and for how many ms still, or `none`.
local run, wish, keep = ARGV[1], ARGV[4], ARGV[5] == '1'
-- A worker that stood still while its run ended must not claim anything in its name.
if KEYS[3] and keep and not redis.call('ZSCORE', KEYS[3], (string.match(ARGV[1], '^[^:]+'))) then
  return { 'over' }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local taken = {}
for i = 6, #ARGV do
  taken[ARGV[i]] = true
end
local owners, mine = {}, nil
local claimed = redis.call('HGETALL', KEYS[1])
for i = 1, #claimed, 2 do
  owners[claimed[i]] = claimed[i + 1]
  if claimed[i + 1] == run then
    mine = claimed[i]
  end
end

local function restsFor(number)
  local till = redis.call('ZSCORE', KEYS[2], number)
  return till and math.max(till - now, 0) or 0
end

local function give(number)
  if keep then
    if mine and mine ~= number then
      redis.call('HDEL', KEYS[1], mine)
    end
    redis.call('HSET', KEYS[1], number, run)
  end
  return { 'ok', number }
end

if wish ~= '' then
  if taken[wish] then
    return { 'taken' }
  end
  if owners[wish] and wish ~= mine then
    return { 'claimed', owners[wish] }
  end
  if wish ~= mine and restsFor(wish) > 0 then
    return { 'resting', string.format('%d', restsFor(wish)) }
  end
  return give(wish)
end
-- Planning again answers the same, unless somebody outside was quicker.
if mine and not taken[mine] then
  return give(mine)
end
for n = tonumber(ARGV[2]), tonumber(ARGV[3]) do
  local number = string.format('%d', n)
  if not taken[number] and not owners[number] and restsFor(number) <= 0 then
    return give(number)
  end
end
return { 'none' }
