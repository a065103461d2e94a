import { showView } from '../../show/view.ts';
import type { View } from '../../view.ts';
import { makeView, openView, readView, takeTrigger } from '../../views.ts';
import type { World } from '../../world.ts';
import { SlackError, slackError } from '../error.ts';
import { method } from '../method.ts';

const opening = { view: 'json!', trigger_id: 'string', interactivity_pointer: 'string' } as const;

export const viewMethods = {
  'views.open': method({
    tier: 4,
    args: opening,
    run: ({ world, args }) => open(world, args, 'open'),
  }),

  'views.push': method({
    tier: 4,
    args: opening,
    run: ({ world, args }) => open(world, args, 'push'),
  }),

  'views.update': method({
    tier: 4,
    args: { view: 'json!', view_id: 'string', external_id: 'string', hash: 'string' },
    run({ world, args }) {
      const { view_id: id, external_id: external } = args;
      const before = [...world.views.values()].find((one) =>
        id ? one.id === id : external !== undefined && one.externalId === external,
      );
      if (before?.kind !== 'modal') throw new SlackError('not_found');
      return { view: showView(world, replace(world, before, readView(args.view, 'modal'), args.hash)) };
    },
  }),

  'views.publish': method({
    tier: 4,
    args: { user_id: 'string!', view: 'json!', hash: 'string' },
    run({ world, args }) {
      const { app, users, views, homes } = world;
      if (!app.homeTab) throw new SlackError('not_enabled');
      if (!users.has(args.user_id)) throw new SlackError('user_not_found');
      const given = readView(args.view, 'home');
      const before = views.get(homes.get(args.user_id) ?? '');
      const view = before ? replace(world, before, given, args.hash) : makeView(world, given, { userId: args.user_id });
      homes.set(args.user_id, view.id);
      return { view: showView(world, view) };
    },
  }),
};

function open(
  world: World,
  args: { view: unknown; trigger_id?: string | undefined; interactivity_pointer?: string | undefined },
  how: 'open' | 'push',
) {
  const id = args.trigger_id ?? args.interactivity_pointer;
  if (id === undefined) throw slackError('invalid_arguments', ['[ERROR] missing required field: trigger_id']);
  // A view that is wrong leaves the trigger as it is.
  const given = readView(args.view, 'modal');
  return { view: showView(world, openView(world, given, takeTrigger(world, id), how)) };
}

function replace(world: World, before: View, given: Parameters<typeof makeView>[1], hash: string | undefined): View {
  if (hash !== undefined && hash !== before.hash) throw new SlackError('hash_conflict');
  return makeView(world, given, before);
}
