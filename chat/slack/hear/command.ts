import type { SlashCommand } from '@slack/bolt';
import { isForm } from '#chat/form.ts';
import type { Place } from '#chat/platform.ts';
import type { Delivery } from '../delivery.ts';
import { lineOf } from '../roots.ts';
import { unwrap } from '../unwrap.ts';
import { notTaken, notYet, tellAside } from './aside.ts';
import type { Ears } from './ears.ts';
import { inTime } from './in-time.ts';
import { showForm } from './show-form.ts';

/** A slash command. It is acknowledged when it is kept; what was not kept is given back to copy. */
export async function hearCommand(ears: Ears, command: SlashCommand, delivery: Delivery): Promise<void> {
  const { directory, listener, clock, prefix } = ears;
  const { trigger_id: trigger, user_id: user, channel_id: channel, team_id: team } = command;
  const line = lineOf(command.command, unwrap(command.text, directory.nameOf), prefix);
  const place: Place = { platform: 'slack', channel };
  const by = await directory.account(user, { name: command.user_name, team });
  const came = await inTime(listener.command({ id: trigger, place, by, text: line }), clock);
  if ('failed' in came) {
    ears.log.warn({ err: came.failed }, 'a command was not kept');
    return delivery.acknowledge({ response_type: 'ephemeral', ...notTaken(ears, came.failed, line) });
  }
  if ('late' in came) return hearLate(came.late);
  await delivery.acknowledge();
  await after(came.heard);

  async function hearLate(late: Promise<unknown>): Promise<void> {
    await delivery.acknowledge({ response_type: 'ephemeral', ...notYet(ears, line) });
    try {
      await after(await late);
    } catch (error) {
      await tellAside(ears, place, user, notTaken(ears, error, line));
    }
  }

  async function after(heard: unknown): Promise<void> {
    if (isForm(heard)) await showForm(ears, heard, { trigger, place, user, line });
    await directory.learn(user);
  }
}
