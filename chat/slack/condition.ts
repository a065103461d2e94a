import type { Log } from '#base/log.ts';
import type { Health } from '#chat/platform.ts';
import { classified, codeOf, missingScope, scopeSentence, tokenTrouble } from './errors.ts';

/** What is known of whether people can be heard and told. */
export interface Condition {
  readonly health: Health;
  /** Something is wrong until it is said to be right again. */
  wrong(what: Trouble, why: string): void;
  right(what: Trouble): void;
  /** Calls Slack; a failure comes out as the bot understands it, and what it says about token and scopes is kept. */
  call<T>(act: () => Promise<T>): Promise<T>;
}

type Trouble = 'socket' | 'token' | 'scope';

/** What is wrong is the bot's to tell; here it only stands. */
export function openCondition(log: Log): Condition {
  const troubles = new Map<Trouble, string>([['socket', 'it is not connected yet.']]);

  function wrong(what: Trouble, why: string): void {
    if (troubles.get(what) !== why) log.debug({ what }, why);
    troubles.set(what, why);
  }

  function note(error: unknown): void {
    const scope = missingScope(error);
    if (scope !== undefined) wrong('scope', scopeSentence([scope]));
    const token = tokenTrouble(codeOf(error) ?? '');
    if (token !== undefined) wrong('token', `it can't be used: ${token}. ${whereBotToken}`);
  }

  return {
    get health(): Health {
      const why = troubles.get('token') ?? troubles.get('socket');
      if (why !== undefined) return { up: false, why };
      const but = troubles.get('scope');
      return but === undefined ? { up: true } : { up: true, but };
    },
    wrong,
    right: (what) => void troubles.delete(what),
    async call(act) {
      try {
        const answer = await act();
        troubles.delete('token');
        return answer;
      } catch (error) {
        note(error);
        throw classified(error);
      }
    },
  };
}

export const whereBotToken =
  'Copy the Bot User OAuth Token (xoxb-…) of the app from api.slack.com/apps, OAuth & Permissions, to slack.botToken.';
export const whereAppToken =
  'Make an app-level token (xapp-…) with the scope connections:write at api.slack.com/apps, Basic Information, and put it to slack.appToken.';
