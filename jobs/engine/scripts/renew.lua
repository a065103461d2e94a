-- Keeps the lease. ARGV: epoch, lease (ms), seq of the worker's last commit. Answers `ok`, and whether somebody asked to cancel; `gap` when Redis has lost
-- what the worker wrote.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
if tonumber(field('seq')) < tonumber(ARGV[3]) then
  return { 'gap' }
end
redis.call('HSET', run, 'leaseUntil', text(now + ARGV[2]))
redis.call('ZADD', open, text(now + ARGV[2]), id)
return { 'ok', field('cancelAsked') }
