import { join } from 'node:path';
import type { ChatReady } from './chat.ts';

/** What `up` prints when everything runs. */
export function welcome({
  url,
  lab,
  chat,
  stateDir,
  tookText,
}: {
  url: string;
  lab: boolean;
  chat: ChatReady | undefined;
  stateDir: string;
  tookText: string;
}): string {
  return [
    '',
    `Botswain is up after ${tookText}:  ${url}`,
    ...(lab ? ['Sign in as Ana or Ben (one approves what the other asks), and type:  /vm create k8s-dev medium'] : []),
    ...(chat
      ? [
          `The same on an emulated Slack:    ${chat.slackPage}`,
          `         and an emulated Discord:  ${chat.discordPage}`,
        ]
      : []),
    `Logs are in ${join(stateDir, 'log')}. Ctrl-C stops everything.`,
    '',
  ].join('\n');
}
