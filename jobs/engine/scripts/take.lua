-- Takes places in a queue of runs: all of them or none, first come first served. They belong to the run and have no TTL.
-- ARGV: epoch, then name, limit, … Answers `taken`, or `waiting`, position, name, a run that holds it.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
local position, blocked = 0, ''
local missing = {}
for i = 2, #ARGV, 2 do
  local name = ARGV[i]
  if not redis.call('ZSCORE', places, 'held/' .. name .. '/' .. id) then
    local before, queued = 0, false
    for _, member in ipairs(below(places, 'wait/' .. name)) do
      queued = string.match(member, '[^/]+$') == id
      if queued then
        break
      end
      before = before + 1
    end
    local over = #below(places, 'held/' .. name) + before + 1 - tonumber(ARGV[i + 1])
    if over > position then
      position, blocked = over, name
    end
    missing[#missing + 1] = { name, queued }
  end
end
local known = ' ' .. field('places') .. ' '
for _, one in ipairs(missing) do
  local name, queued = one[1], one[2]
  if not string.find(known, ' ' .. name .. ' ', 1, true) then
    known = known .. name .. ' '
  end
  if position == 0 then
    redis.call('ZADD', places, 0, 'held/' .. name .. '/' .. id)
    leaveQueue(name)
    wakeFirst(name)
  elseif not queued then
    redis.call('ZADD', places, 0, 'wait/' .. name .. '/' .. string.format('%015.0f', now) .. '/' .. id)
  end
end
redis.call('HSET', run, 'places', (string.gsub(known, '^%s*(.-)%s*$', '%1')))
if position == 0 then
  if #missing > 0 then
    redis.call('XADD', audit, '*', 'run', id, 'epoch', field('epoch'), 'state', field('state'), 'what', 'places taken', 'places', known)
  end
  return { 'taken', unpack(woken) }
end
local holder = below(places, 'held/' .. blocked)[1] or ''
return { 'waiting', text(position), blocked, string.match(holder, '[^/]+$') or '' }
