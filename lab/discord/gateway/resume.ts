import type { World } from '../world.ts';
import type { Session, Wire } from './session.ts';

/** Goes on with a dropped session: what it missed, then RESUMED. Op 9 when there is nothing to go on with. */
export function resume(world: World, sessions: Map<string, Session>, wire: Wire, sent: unknown): Session | undefined {
  const { token, id, seq } = read(sent);
  const session = sessions.get(id);
  if (token !== world.application.token) {
    wire.socket.close(4004, 'Authentication failed.');
    return undefined;
  }
  const tooOld = session?.droppedAt !== undefined && world.clock.now() - session.droppedAt > world.settings.resumeMs;
  if (!session || tooOld) {
    sessions.delete(id);
    wire.send({ op: 9, s: null, t: null, d: false });
    return undefined;
  }
  if (seq > session.sent.length) {
    wire.socket.close(4007, 'Invalid seq.');
    return undefined;
  }
  // A session has one socket at a time.
  session.wire?.socket.close(4000, 'Resumed elsewhere.');
  session.wire = wire;
  session.droppedAt = undefined;
  for (const missed of session.sent.slice(seq)) wire.send(missed);
  wire.send({ op: 0, s: session.sent.length, t: 'RESUMED', d: { _trace: [] } });
  return session;
}

function read(sent: unknown): { readonly token: string; readonly id: string; readonly seq: number } {
  const given = typeof sent === 'object' && sent !== null ? sent : {};
  return {
    token: 'token' in given ? String(given.token).replace(/^Bot /, '') : '',
    id: 'session_id' in given ? String(given.session_id) : '',
    seq: 'seq' in given ? Number(given.seq) : 0,
  };
}
