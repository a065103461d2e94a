import type { Channel, World } from '../world.ts';

/** A conversation as Slack shows it to the app. */
export function showChannel(world: World, channel: Channel): Readonly<Record<string, unknown>> {
  const { id, name, kind, members, archived } = channel;
  const shared = {
    id,
    is_archived: archived,
    created: 1_700_000_000,
    is_org_shared: false,
    context_team_id: world.team.id,
  };
  if (kind === 'im') {
    const user = [...members].find((member) => member !== world.app.userId);
    return { ...shared, is_im: true, user, is_user_deleted: false, priority: 0 };
  }
  return {
    ...shared,
    name,
    name_normalized: name,
    is_channel: kind === 'public',
    is_group: kind === 'private',
    is_im: false,
    is_mpim: false,
    is_private: kind === 'private',
    is_general: false,
    is_member: members.has(world.app.userId),
    num_members: members.size,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}
