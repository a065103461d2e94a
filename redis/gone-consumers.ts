import type { Redis } from 'ioredis';

/**
 * Removes consumers of a stream's group that have not asked for `idleMs`: their processes are gone. Those that were given entries
 * which nobody has finished or claimed stay, as those entries would be lost with them. Answers how many went.
 */
export async function removeGoneConsumers(
  redis: Redis,
  stream: string,
  group: string,
  idleMs: number,
): Promise<number> {
  return Number(await redis.eval(script, 1, stream, group, idleMs));
}

// KEYS[1] stream. ARGV: group, idle for so long (ms).
const script = `
local removed = 0
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #flat, 2 do
    consumer[flat[i]] = flat[i + 1]
  end
  if consumer.pending == 0 and consumer.idle >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
    removed = removed + 1
  end
end
return removed
`;
