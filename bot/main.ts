import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sentence, UserError } from '#base/errors.ts';
import { checkConfig } from './check.ts';
import { readConfig } from './config.ts';
import { startGateway } from './gateway.ts';
import { configSchema } from './schema.ts';
import { untilTold } from './stop.ts';
import { runUp } from './up/up.ts';
import { startBotWorker } from './worker.ts';

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: 'string' },
    state: { type: 'string', default: '.botswain' },
    port: { type: 'string' },
    sim: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

try {
  process.exitCode = await main(positionals[0] ?? 'help');
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${sentence(error)}\n${error.hint ? `→ ${error.hint}\n` : ''}`);
  process.exitCode = 78;
}

async function main(part: string): Promise<number> {
  switch (part) {
    case 'gateway':
      return untilTold(async () => [await startGateway(readConfig(file()))]);
    case 'worker':
      return untilTold(async () => [await startBotWorker(readConfig(file()))]);
    case 'all':
      return untilTold(async () => {
        const config = readConfig(file());
        return [await startBotWorker(config), await startGateway(config)];
      });
    case 'check':
      return checkConfig(readConfig(file()));
    case 'schema':
      process.stdout.write(configSchema());
      return 0;
    case 'up':
      return runUp(flags);
    default:
      throw new UserError(`There is no part "${part}".`, { hint: 'gateway, worker, all, check, schema or up' });
  }
}

function file(): string {
  return flags.config ?? resolve(import.meta.dirname, '..', 'config.yaml');
}
