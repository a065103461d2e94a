-- For the janitor: places that an ended or forgotten run still holds. ARGV: id. Answers how many there were.
id = ARGV[1]
if redis.call('ZSCORE', open, id) or field('state') == 'stuck' then
  return { '0' }
end
local freed = 0
for _, member in ipairs(redis.call('ZRANGE', places, 0, -1)) do
  if string.match(member, '[^/]+$') == id then
    redis.call('ZREM', places, member)
    wakeFirst(string.match(member, '^[^/]+/([^/]+)/'))
    freed = freed + 1
  end
end
if freed > 0 then
  tell('places released')
end
return { text(freed), unpack(woken) }
