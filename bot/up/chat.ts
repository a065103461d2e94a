import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { slackManifest } from '../manifest.ts';
import { type Reporting, startReporting } from './reporting.ts';

/** What the emulated chat platforms tell of themselves when they are ready. */
export interface ChatReady {
  /** Where people type as users of Slack. */
  readonly slackPage: string;
  readonly discordPage: string;
  /** As `slack:` and `discord:` stand in a configuration. */
  readonly slack: Readonly<Record<string, string>>;
  readonly discord: Readonly<Record<string, string>>;
  /** Which accounts the lab's people have there, by their keys. */
  readonly accounts: Readonly<Record<string, readonly string[]>>;
}

const entry = resolve(import.meta.dirname, '..', '..', 'lab', 'chat.ts');

/** Starts an emulated Slack and an emulated Discord: to the bot they are the real ones at another address. */
export function startChatProcess(options: { stateDir: string; onProgress(line: string): void }): Reporting<ChatReady> {
  const { stateDir, onProgress } = options;
  const manifest = join(stateDir, 'slack-manifest.yaml');
  writeFileSync(manifest, slackManifest(undefined));
  const logFile = join(stateDir, 'log', 'chat.log');
  return startReporting({ name: 'the emulated chat', entry, args: ['--manifest', manifest], logFile, onProgress });
}
