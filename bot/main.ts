import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RemoteError, sentence, UserError } from '#base/errors.ts';

const options = {
  config: { type: 'string' },
  state: { type: 'string', default: '.botswain' },
  port: { type: 'string' },
  sim: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  chat: { type: 'boolean', default: false },
  /** For the lab of `up`: see `lab/main.ts`. */
  'lab-schema': { type: 'string' },
} as const;

try {
  const { positionals, values } = readWords();
  process.exitCode = await main(positionals[0] ?? 'help', values);
} catch (error) {
  if (!(error instanceof UserError || error instanceof RemoteError)) throw error;
  process.stderr.write(`${sentence(error)}\n${error.hint ? `→ ${error.hint}\n` : ''}`);
  process.exitCode = 78;
}

/** Each part is loaded only when it is asked for: a gateway needs no BullMQ worker, and `up` needs neither. */
async function main(part: string, flags: ReturnType<typeof readWords>['values']): Promise<number> {
  const file = flags.config ?? resolve(import.meta.dirname, '..', 'config.yaml');
  switch (part) {
    case 'gateway':
    case 'worker':
    case 'all': {
      const { runParts } = await import('./parts.ts');
      return runParts(part, file);
    }
    case 'check': {
      const [{ checkConfig }, { readConfig }] = await Promise.all([import('./check.ts'), import('./config.ts')]);
      return checkConfig(readConfig(file));
    }
    case 'schema': {
      const { configSchema } = await import('./schema.ts');
      process.stdout.write(configSchema());
      return 0;
    }
    case 'manifest': {
      const [{ slackManifest }, { readConfig }] = await Promise.all([import('./manifest.ts'), import('./config.ts')]);
      const known = flags.config !== undefined || existsSync(file);
      process.stdout.write(slackManifest(known ? readConfig(file).slack : undefined));
      return 0;
    }
    case 'up': {
      if (flags.port !== undefined && !(/^\d+$/.test(flags.port) && Number(flags.port) <= 65_535)) {
        throw new UserError(`--port must be a number up to 65535, and is "${flags.port}".`, {
          hint: './botswain help',
        });
      }
      const { runUp } = await import('./up/up.ts');
      return runUp(flags);
    }
    default:
      throw new UserError(`There is no part "${part}".`, {
        hint: 'gateway, worker, all, check, manifest, schema or up',
      });
  }
}

function readWords() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    // Node's own sentence names the word; the rest of it is advice for programmers.
    const [what] = (error as Error).message.split('. To specify');
    throw new UserError(`${what}.`, { hint: './botswain help', cause: error });
  }
}
