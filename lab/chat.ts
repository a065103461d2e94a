import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startDiscord } from './discord/start.ts';
import { startSlack } from './slack/start.ts';

const { values: flags } = parseArgs({
  options: {
    /** The manifest of the Slack app, as one would paste it. */
    manifest: { type: 'string' },
    /** End when whoever started this closes our stdin. */
    'with-parent': { type: 'boolean', default: false },
  },
});

const report = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const told = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => told.resolve());
if (flags['with-parent']) process.stdin.on('end', () => told.resolve()).resume();

const [slack, discord] = await Promise.all([
  startSlack(flags.manifest === undefined ? {} : { manifest: readFileSync(flags.manifest, 'utf8') }),
  startDiscord(),
]);
const accountsOf = (name: string) => [
  `slack:${slack.teamId}:${slack.user(name).id}`,
  `discord:${discord.user(name).id}`,
];
report({
  ready: true,
  slackPage: slack.url,
  discordPage: discord.url,
  slack: { mode: 'socket', botToken: slack.app.botToken, appToken: slack.app.appToken, apiUrl: slack.apiUrl },
  discord: { token: discord.token, guild: discord.guildId, apiUrl: discord.api },
  accounts: { ana: accountsOf('ana'), ben: accountsOf('ben') },
});

await told.promise;
// Whoever started us may be gone, and with them the reader of what we say.
process.stdout.on('error', () => {});
await Promise.all([slack[Symbol.asyncDispose](), discord[Symbol.asyncDispose]()]);
// Our stdin is still open, and would keep us.
process.exit(0);
