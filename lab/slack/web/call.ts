import type { IncomingMessage } from 'node:http';
import type { Violation, World } from '../world.ts';
import { admit, tokenOf } from './access.ts';
import { readArguments, unknownArguments } from './arguments.ts';
import { SlackError } from './error.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Sent } from './send.ts';
import { methods } from './table.ts';

/** Mistakes of whoever calls, not of the circumstances. */
const mistakes =
  /^(invalid_(blocks|arg|json|name|metadata|view)|msg_|missing_|no_text|view_too|unknown_method|json_|metadata_|duplicate_|markdown_text|not_allowed_token)/;

/** Does one call of the Web API. What Slack would refuse or ignore is kept as a violation. */
export function callMethod(
  world: World,
  limits: RateLimits,
  name: string,
  given: Record<string, unknown>,
  request: IncomingMessage,
): Sent {
  const note = (kind: Violation['kind'], problems: readonly string[]) =>
    void world.violations.push({ kind, where: name, problems });
  const method = methods[name];
  if (!method) {
    note('unknown-method', [name]);
    return { body: { ok: false, error: 'unknown_method', req_method: name } };
  }
  const scopes = [...(method.token === 'app' ? world.app.appScopes : world.app.scopes)].join(',');
  const waitS = limits(name, method, given.channel);
  if (waitS !== undefined) return { status: 429, retryAfterS: waitS, body: { ok: false, error: 'ratelimited' } };
  try {
    admit(world, method, tokenOf(request, given));
    const args = readArguments(method.args, given);
    const unknown = unknownArguments(method.args, given);
    if (unknown.length > 0) note('wrong-argument', unknown);
    const answer = method.run({ world, args, violation: (problems) => note('wrong-payload', problems) });
    return { scopes, body: { ok: true, ...answer } };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const { messages = [] } = (error.more.response_metadata ?? {}) as { messages?: readonly string[] };
    if (mistakes.test(error.code) && error.code !== 'missing_scope') note('wrong-payload', [error.code, ...messages]);
    return { scopes, body: { ok: false, error: error.code, ...error.more } };
  }
}
