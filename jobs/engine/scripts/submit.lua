-- A new run, once per request key. KEYS[12] request. ARGV: id, how long the request is remembered (ms), index of the person, their
-- key, how many of their runs may wait (0: any number), then field, value, …  Answers `new` or `duplicate` and the run's id, or `full` and how many wait.
local earlier = redis.call('GET', KEYS[12])
if earlier then
  return { 'duplicate', earlier }
end
if redis.call('EXISTS', run) == 1 then
  return { 'taken' }
end
local most = tonumber(ARGV[5])
if most > 0 and redis.call('ZCARD', open) >= most then
  local begun, waiting = { running = true, undoing = true }, 0
  local stem = string.sub(run, 1, #run - #ARGV[1])
  for _, other in ipairs(redis.call('ZRANGE', open, 0, -1)) do
    local of = redis.call('HMGET', stem .. other, 'by.key', 'state')
    if of[1] == ARGV[4] and not begun[of[2]] then
      waiting = waiting + 1
    end
  end
  if waiting >= most then
    return { 'full', text(waiting) }
  end
end
id = ARGV[1]
local sort = string.format('%015.0f', now) .. '/' .. id
redis.call('SET', KEYS[12], id, 'PX', ARGV[2])
redis.call('HSET', run, unpack(ARGV, 6))
redis.call('HSET', run, 'id', id, 'sort', sort, 'state', 'planning', 'epoch', '0', 'seq', '0', 'leaseUntil', '0')
redis.call('HSET', run, 'createdAt', text(now), 'updatedAt', text(now))
redis.call('ZADD', index, 0, 'all/' .. sort, 0, 'by/' .. ARGV[3] .. '/' .. sort, 0, 'state/planning/' .. sort)
redis.call('ZADD', open, text(now), id)
tell('submitted')
return { 'new', id }
