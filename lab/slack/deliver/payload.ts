import type { Trigger } from '../view.ts';
import type { ResponseUrl, World } from '../world.ts';

/** What every payload of an interaction says of the app and the person. */
export function aboutWho(world: World, userId: string): Readonly<Record<string, unknown>> {
  const { team, app, users } = world;
  const { name, team: own = team.id } = users.get(userId) ?? { name: '' };
  return {
    user: { id: userId, username: name, name, team_id: own },
    api_app_id: app.id,
    token: 'the-old-verification-token',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function newTrigger(world: World, from: Pick<Trigger, 'userId' | 'channelId' | 'viewId'>): string {
  const id = `${world.newId('')}.${Math.trunc(world.clock.now())}.${crypto.randomUUID().replaceAll('-', '')}`;
  world.triggers.set(id, { ...from, id, at: world.clock.now(), used: false });
  return id;
}

export function newResponseUrl(world: World, from: Omit<ResponseUrl, 'expiresAt' | 'uses'>): string {
  const token = `${world.team.id}/${world.newId('r')}/${crypto.randomUUID()}`;
  world.responseUrls.set(token, { ...from, expiresAt: world.clock.now() + world.settings.responseUrlMs, uses: 0 });
  return `${world.origin}/response/${token}`;
}
