import { WebClient } from '@slack/web-api';
import type { Log } from '#base/log.ts';
import { openClients } from './clients.ts';
import { whoAmI } from './connect.ts';
import type { SlackSettings } from './settings.ts';
import { startError } from './start-error.ts';

/**
 * Tries the tokens without listening to anybody (auth.test, apps.connections.open). Answers what they are good for; throws a `UserError` that names what a person has to
 * put right, or a `RemoteError`.
 */
export async function tryOutSlack(settings: SlackSettings, log: Log): Promise<string> {
  const { api, options } = openClients(settings.botToken, settings.apiUrl, log);
  const { team, user } = await whoAmI(api);
  const who = `the bot is ${user} in the workspace ${team}, and has its scopes`;
  if (settings.mode === 'http') return `${who}; Slack has to reach port ${settings.port}`;
  // It answers an address for a socket, which nobody opens.
  await new WebClient(settings.appToken, options).apps.connections.open({}).catch((error: unknown) => {
    throw startError(error, 'app');
  });
  return `${who}; it may open sockets`;
}
