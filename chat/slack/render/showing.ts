import type { Typed } from '../roots.ts';

/** What a render depends on besides the card. */
export interface Showing {
  /** The workspace: only its own people can be shown as mentions. */
  readonly team: string;
  /** Ids of user groups by the name that rules use: `slack:ops` → `S012`. */
  readonly groups: ReadonlyMap<string, string>;
  /** Whether people in the text are mentions. Not in a new message, which would sound for each of them; an edit never sounds. */
  readonly mentions: boolean;
  readonly surface: 'message' | 'home';
  /** How a line is typed in this workspace. */
  readonly typed: Typed;
}

/** Slack's id of an account of this workspace: `slack:T012:U0ANA` → `U0ANA`. */
export function userIn(team: string, account: string): string | undefined {
  const [platform, workspace, user] = account.split(':');
  return platform === 'slack' && workspace === team && /^[UW][A-Z0-9]+$/.test(user ?? '') ? user : undefined;
}
