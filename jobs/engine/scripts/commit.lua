-- Writes a patch. ARGV: epoch, seq, place to leave, '*' for all or '', patch … Answers `ok` and the runs that should be looked at.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
-- The answer to an earlier try of this very commit was lost.
if tonumber(ARGV[2]) <= tonumber(field('seq')) then
  return { 'ok' }
end
-- Redis has lost what this worker wrote before: it has to look again at what is left.
if tonumber(ARGV[2]) ~= tonumber(field('seq')) + 1 then
  return { 'fenced' }
end
redis.call('HSET', run, 'seq', ARGV[2])
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
