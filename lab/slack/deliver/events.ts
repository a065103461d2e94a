import type { World } from '../world.ts';
import { makeDelivery } from './delivery.ts';

/**
 * Tells the app of something, if it wants to know. Not acknowledged, an event comes again, three times in all.
 * `name` is what the app subscribes to: `message.im`; an event's own type is shorter.
 */
export function emit(world: World, name: string, event: Readonly<Record<string, unknown>>): void {
  const { app, team, clock } = world;
  if (app.events && !app.events.has(name)) return;
  const payload = {
    token: 'the-old-verification-token',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event: { event_ts: world.newTs(), ...event },
    type: 'event_callback',
    event_id: world.newId('Ev'),
    event_time: Math.trunc(clock.now() / 1_000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: world.newId('4-'),
  };
  void bring(world, payload, 0);
}

function bring(
  world: World,
  payload: Readonly<Record<string, unknown>>,
  attempt: number,
  reason = '',
): Promise<unknown> {
  const retry = attempt === 0 ? undefined : { attempt, reason };
  return world.deliver({
    ...makeDelivery(world, 'events_api', payload, retry),
    failed({ error }) {
      const nextMs = world.settings.eventRetriesMs[attempt];
      if (nextMs === undefined) return;
      const why = error === 'operation_timeout' ? 'timeout' : 'connection_failed';
      world.clock.after(nextMs, () => void bring(world, payload, attempt + 1, why));
    },
  });
}
