-- Writes a patch. ARGV: epoch, seq, place to leave, '*' for all or '', patch … Answers `ok` and the runs that should be looked at.
local step = advance(ARGV[1], ARGV[2])
if step ~= 'next' then
  return { step == 'again' and 'ok' or 'fenced' }
end
if ARGV[3] == '*' then
  leave('')
elseif ARGV[3] ~= '' then
  local kept = {}
  for name in string.gmatch(field('places'), '%S+') do
    if name == ARGV[3] then
      redis.call('ZREM', places, 'held/' .. name .. '/' .. id)
      wakeFirst(name)
    else
      kept[#kept + 1] = name
    end
  end
  redis.call('HSET', run, 'places', table.concat(kept, ' '))
end
apply(4)
return { 'ok', unpack(woken) }
