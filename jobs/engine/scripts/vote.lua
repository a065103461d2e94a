-- One press of a button: decides at most once. ARGV: delivery, revision, voter, name, '1' for yes, groups as JSON, why (maybe empty), and as JSON
-- those who said yes before and may not say so any more.
-- Answers the verdict, who decided (when somebody did), and the runs that should be looked at.
if id == '' then
  return { 'closed' }
end
local votes = cjson.decode(field('ask.votes') ~= '' and field('ask.votes') or '[]')
local last = votes[#votes] and votes[#votes].name or ''
if redis.call('SADD', seen, ARGV[1]) == 0 then
  return { 'duplicate', last }
end
redis.call('EXPIRE', seen, 30 * 24 * 3600)
if field('state') ~= 'asking' or field('ask.state') ~= 'open' then
  return { 'closed', last }
end
if now >= tonumber(field('ask.expiresAt')) then
  ring(id)
  return { 'expired', '', unpack(woken) }
end
if field('ask.revision') ~= ARGV[2] then
  return { 'stale' }
end

local voter, yes = ARGV[3], ARGV[5] == '1'
local asked = voter == field('by.key') or voter == field('retriedBy')
local allowed, groups = cjson.decode(field('ask.groups')), cjson.decode(ARGV[6])
local right = #allowed == 0
for _, group in ipairs(groups) do
  for _, one in ipairs(allowed) do
    right = right or one == group
  end
end
-- Whoever asked may always take it back.
if not (asked and not yes) then
  if not right then
    return { 'forbidden' }
  end
  if asked and field('ask.selfOk') ~= '1' then
    return { 'self' }
  end
end

local gone, still = {}, {}
for _, key in ipairs(cjson.decode(ARGV[8])) do
  gone[key] = true
end
for _, vote in ipairs(votes) do
  if not gone[vote.key] then
    still[#still + 1] = vote
  end
end
votes = still
local agreed = 1
for _, vote in ipairs(votes) do
  if vote.yes then
    agreed = agreed + 1
  end
  if vote.key == voter and vote.yes and yes then
    return { 'already' }
  end
end
votes[#votes + 1] = { key = voter, name = ARGV[4], yes = yes, at = now, reason = ARGV[7] ~= '' and ARGV[7] or nil }
redis.call('HSET', run, 'ask.votes', cjson.encode(votes))

if not yes then
  redis.call('HSET', run, 'ask.state', 'rejected', 'ending', 'rejected')
  move('undoing')
  tell('rejected', 'by', voter, 'name', ARGV[4], 'revision', ARGV[2])
  ring(id)
  return { 'rejected', ARGV[4], unpack(woken) }
end
if agreed < tonumber(field('ask.need')) then
  tell('counted', 'by', voter, 'name', ARGV[4], 'revision', ARGV[2])
  return { 'counted' }
end
redis.call('HSET', run, 'ask.state', 'approved')
redis.call('HSET', steps, 'ask:' .. field('ask.key'), 'approved')
move('queued')
tell('approved', 'by', voter, 'name', ARGV[4], 'revision', ARGV[2])
ring(id)
return { 'approved', ARGV[4], unpack(woken) }
