import { SlackError } from '../error.ts';
import { method } from '../method.ts';

export const appMethods = {
  'auth.test': method({
    tier: 'special',
    args: {},
    run({ world: { team, app, origin, users } }) {
      return {
        url: `${origin}/`,
        team: team.name,
        user: users.get(app.userId)?.name,
        team_id: team.id,
        user_id: app.userId,
        bot_id: app.botId,
        is_enterprise_install: false,
      };
    },
  }),

  'apps.connections.open': method({
    token: 'app',
    scopes: ['connections:write'],
    tier: 3,
    args: {},
    run({ world }) {
      if (!world.app.socketMode) throw new SlackError('socket_mode_disabled');
      const ticket = world.newId('t');
      world.tickets.add(ticket);
      return { url: `${world.origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${world.app.id}` };
    },
  }),

  'team.info': method({
    scopes: ['team:read'],
    tier: 3,
    args: { team: 'string', domain: 'string' },
    run: ({ world: { team } }) => ({ team: { ...team, email_domain: '', icon: {} } }),
  }),
};
