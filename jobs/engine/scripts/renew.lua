-- Keeps the lease. ARGV: epoch, lease (ms). Answers `ok`, and whether somebody asked to cancel.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
redis.call('HSET', run, 'leaseUntil', text(now + ARGV[2]))
redis.call('ZADD', open, text(now + ARGV[2]), id)
return { 'ok', field('cancelAsked') }
