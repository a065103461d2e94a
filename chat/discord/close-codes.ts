import { GatewayCloseCodes } from 'discord.js';
import { RemoteError, UserError } from '#base/errors.ts';
import { tokenWrong, whereToken } from './errors.ts';

/** Why Discord closed the gateway for good (opcodes, gateway close event codes). */
export function closedFor(code: number): Error {
  if (code === GatewayCloseCodes.AuthenticationFailed) {
    return new UserError(`discord.token: ${tokenWrong}`, { hint: whereToken });
  }
  if (code === GatewayCloseCodes.InvalidIntents || code === GatewayCloseCodes.DisallowedIntents) {
    return new UserError('The Discord application may not use the intent Guilds.', {
      hint: 'Look at discord.com/developers/applications, your application, Bot, Privileged Gateway Intents.',
    });
  }
  return new RemoteError('Discord', `it closed the connection (${code}).`, { outcome: 'passing' });
}

/** Why the library could not log in. */
export function notConnected(error: unknown): unknown {
  if (error instanceof RemoteError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === 'TokenInvalid' || /invalid token/i.test(message)) {
    return closedFor(GatewayCloseCodes.AuthenticationFailed);
  }
  if (/(disallowed|invalid) intents/i.test(message)) return closedFor(GatewayCloseCodes.DisallowedIntents);
  return new RemoteError('Discord', `no session: ${message}`, { outcome: 'passing', cause: error });
}
