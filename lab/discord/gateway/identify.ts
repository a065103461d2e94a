import { gatewayUrl } from '../rest/routes/discovery.ts';
import { showApplication } from '../show/application.ts';
import { showGuildCreate } from '../show/guild.ts';
import { showUser, userOf } from '../show/user.ts';
import type { World } from '../world.ts';
import { dispatch, type Session, type Wire } from './session.ts';

const knownIntents = (1 << 26) - 1;

/** Begins a session: READY, then the guild. 4004 for a wrong token, 4013 for intents that do not exist, 4014 for those not granted. */
export function identify(world: World, sessions: Map<string, Session>, wire: Wire, sent: unknown): Session | undefined {
  const { token, intents } = read(sent);
  if (token !== world.application.token) return refuse(wire, 4004, 'Authentication failed.');
  if (intents === undefined || (intents & ~knownIntents) !== 0) return refuse(wire, 4013, 'Invalid intent(s).');
  if ((intents & world.settings.refusedIntents) !== 0) return refuse(wire, 4014, 'Disallowed intent(s).');
  world.application.identifies += 1;
  const session: Session = { id: world.newId(), intents, sent: [], wire, droppedAt: undefined };
  sessions.set(session.id, session);
  const { id, flags } = showApplication(world);
  const ready = {
    v: 10,
    user: { ...showUser(userOf(world, world.application.id)), verified: true, mfa_enabled: true, email: null },
    user_settings: {},
    guilds: [{ id: world.guild.id, unavailable: true }],
    session_id: session.id,
    session_type: 'normal',
    resume_gateway_url: gatewayUrl(world.origin),
    shard: [0, 1],
    application: { id, flags },
    private_channels: [],
    relationships: [],
    presences: [],
    guild_join_requests: [],
    geo_ordered_rtc_regions: [],
    _trace: [],
  };
  dispatch(world, session, { name: 'READY', intent: 0, payload: () => ready });
  dispatch(world, session, { name: 'GUILD_CREATE', intent: 1, payload: () => showGuildCreate(world) });
  return session;
}

function refuse(wire: Wire, code: number, why: string): undefined {
  wire.socket.close(code, why);
}

function read(sent: unknown): { readonly token: string; readonly intents: number | undefined } {
  const given = typeof sent === 'object' && sent !== null ? sent : {};
  const token = 'token' in given ? String(given.token).replace(/^Bot /, '') : '';
  const intents = 'intents' in given && Number.isInteger(given.intents) ? Number(given.intents) : undefined;
  return { token, intents };
}
