-- What the run made shall stay when it fails or is cancelled. ARGV: who, name. Answers `ok`, `nothing to keep` or `unknown`.
if id == '' then
  return { 'unknown' }
end
local state = field('state')
if state ~= 'kept' then
  if not redis.call('ZSCORE', open, id) or state == 'undoing' then
    return { 'nothing to keep' }
  end
  redis.call('HSET', run, 'onFailure', 'keep')
end
tell('keep asked', 'by', ARGV[1], 'name', ARGV[2])
return { 'ok' }
