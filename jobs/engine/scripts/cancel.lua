-- Asks the run to stop, and to take back what it did unless that shall be kept. ARGV: who, name. Answers `cancelling`, `already`, `ended` or `unknown`.
if id == '' then
  return { 'unknown' }
end
-- Not to be looked at any more, or finished but for the good-bye.
if not redis.call('ZSCORE', open, id) or field('result') ~= '' then
  return { 'ended' }
end
if field('state') == 'undoing' or field('cancelAsked') ~= '' then
  return { 'already' }
end
redis.call('HSET', run, 'cancelAsked', ARGV[1], 'cancelName', ARGV[2])
if field('ask.state') == 'open' then
  redis.call('HSET', run, 'ask.state', 'withdrawn')
end
-- Nobody is at it. What shall be kept is for the worker that comes next: it knows whether anything was made.
if tonumber(field('leaseUntil')) <= now and field('onFailure') ~= 'keep' then
  -- A worker whose lease ran out may still be there: it must not speak for this run again.
  redis.call('HINCRBY', run, 'epoch', 1)
  redis.call('HSET', run, 'leaseUntil', '0', 'ending', 'cancelled')
  move('undoing')
end
tell('cancel asked', 'by', ARGV[1], 'name', ARGV[2])
ring(id)
return { 'cancelling', unpack(woken) }
