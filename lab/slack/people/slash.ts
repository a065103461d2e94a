import { makeDelivery, type Outcome } from '../deliver/delivery.ts';
import { newResponseUrl, newTrigger } from '../deliver/payload.ts';
import { answer } from '../respond.ts';
import { textOf } from '../text/text-of.ts';
import { asTyped } from '../text/typed.ts';
import { SlackError } from '../web/error.ts';
import type { Channel, World } from '../world.ts';
import { type Shown, shown } from './shown.ts';

/** Slack's own names for channels that have none. */
const namelessChannels = { public: '', private: 'privategroup', im: 'directmessage' };

/** Sends a slash command; resolves with what Slack shows when it is acknowledged, or when that fails. */
export async function typeCommand(world: World, userId: string, channel: Channel, line: string): Promise<Shown> {
  const [, command = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
  const { app, team, users } = world;
  const known = app.commands ? app.commands.get(command) : { shouldEscape: true };
  if (!known) {
    const why = `${command} is not a valid command. In Slack, all messages that start with the "/" symbol are interpreted as commands.`;
    return shown(undefined, { ok: false, error: 'unknown_command', text: why });
  }
  const where = { userId, channelId: channel.id };
  const payload = {
    token: 'the-old-verification-token',
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'public' ? channel.name : namelessChannels[channel.kind],
    user_id: userId,
    user_name: users.get(userId)?.name ?? '',
    command,
    text: known.shouldEscape ? asTyped(world, text, true) : text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(world, where),
    trigger_id: newTrigger(world, where),
  };
  const outcome = await world.deliver(makeDelivery(world, 'slash_commands', payload));
  if (!outcome.ok) return failed(command, outcome);
  return acknowledged(world, where, command, outcome);
}

function acknowledged(
  world: World,
  where: { userId: string; channelId: string },
  command: string,
  outcome: Outcome,
): Shown {
  if (Object.keys(outcome.payload).length === 0) return shown(outcome);
  try {
    const message = answer(world, where, outcome.payload, 'ack of slash_commands');
    return shown(outcome, { message, text: message ? textOf(world, message.content) : '' });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const problems = [
      error.code,
      ...((error.more.response_metadata as { messages?: string[] } | undefined)?.messages ?? []),
    ];
    world.violations.push({ kind: 'wrong-acknowledgement', where: 'ack of slash_commands', problems });
    return failed(command, { ...outcome, ok: false, error: 'invalid_command_response' });
  }
}

function failed(command: string, outcome: Outcome): Shown {
  return shown(outcome, { text: `${command} failed with the error "${outcome.error}"` });
}
