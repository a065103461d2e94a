import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { RemoteError, UserError } from '#base/errors.ts';
import { TooLong } from '#base/read-at-most.ts';
import { DeliveryError, type Why } from '#chat/delivery-error.ts';

const system = 'Discord';
const tooOld = 'the message is too old to be edited so often.';

/** Discord's error codes (developer docs, opcodes and status codes) that say what to do instead, and a sentence for each. */
const refusals: Readonly<Record<number, readonly [Why, string]>> = {
  10003: ['closed', 'this channel is not there, or I can’t see it: give my role View Channel.'],
  10013: ['closed', 'there is no such person.'],
  10008: ['gone', 'the message is not there any more.'],
  30046: ['sealed', tooOld],
  50001: ['closed', 'I can’t see this channel: give my role View Channel there.'],
  50007: ['closed', 'this person takes no direct messages of mine.'],
  50013: [
    'closed',
    'I may not write here: give my role Send Messages, Send Messages in Threads, Create Public Threads and Attach Files.',
  ],
  50278: ['closed', 'I share no server with this person any more.'],
  50035: ['refused', 'it does not take this message.'],
  50027: ['refused', 'it takes no answer to this any more.'],
  50083: ['sealed', 'the thread is archived.'],
  160005: ['closed', 'the thread is locked.'],
  160006: ['closed', 'there are too many open threads in this server: close some.'],
};

/** A limit that was met by editing an old message. */
export function tooManyOldEdits(cause: DeliveryError): DeliveryError {
  return new DeliveryError(system, 'sealed', tooOld, { cause });
}

/** What a failed call means for the bot. The library's own errors stay here: they carry the address, in which an interaction's secret stands, and the body. */
export function classified(error: unknown): unknown {
  if (error instanceof RemoteError) return error;
  if (error instanceof RateLimitError) {
    return new DeliveryError(system, 'busy', 'too much at once.', { retryAfterMs: error.retryAfter });
  }
  if (error instanceof DiscordAPIError) {
    const { status, message } = error;
    const cause = new Refusal(message, Number(error.code));
    const [why, said] = refusals[cause.code] ?? [];
    if (why && said) return new DeliveryError(system, why, said, { cause });
    if (status === 401) return new RemoteError(system, tokenWrong, { outcome: 'passing', hint: whereToken, cause });
    return new DeliveryError(system, 'refused', `it said ${message} (${cause.code}).`, { cause });
  }
  if (error instanceof HTTPError)
    return new RemoteError(system, `it answered ${error.status}.`, { outcome: 'unknown' });
  if (!(error instanceof Error)) return error;
  if (error instanceof TooLong) {
    return new RemoteError(system, `its answer is ${error.message}`, { outcome: 'unknown', cause: error });
  }
  const reason = reasonOf(error);
  const outcome = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/.test(reason) ? 'passing' : 'unknown';
  return new RemoteError(system, `it can’t be reached: ${reason}`, { outcome, cause: error });
}

/** What Discord said. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** Discord's code in an error that {@link classified} made. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && error.cause instanceof Refusal ? error.cause.code : undefined;
}

export const tokenWrong = 'it does not know the bot’s token.';
export const whereToken =
  'Copy it (or make a new one) at discord.com/developers/applications, your application, Bot, Token, to discord.token.';

/** A wrong token is a person's to put right, whoever says that it is wrong. */
export function asMistake(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  const refused = error instanceof RemoteError && error.hint === whereToken;
  return refused ? new UserError(`discord.token: ${tokenWrong}`, { hint: whereToken, cause: error }) : undefined;
}

/** Unknown guild, and missing access. */
const outside: ReadonlySet<number | undefined> = new Set([10004, 50001]);

/** What it means when the server itself can't be asked. */
export function notInServer(error: unknown, guild: string | undefined): UserError | undefined {
  if (guild === undefined || !outside.has(codeOf(error))) return undefined;
  return new UserError(`discord.guild: the bot may not make commands in the server ${guild}.`, {
    hint: 'Is the id right? If so, open the invite link again, with the scopes bot and applications.commands (docs/discord.md).',
    cause: error,
  });
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: Error): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return [error.message, (error as { code?: string }).code, cause?.code ?? cause?.message].filter(Boolean).join(': ');
}
