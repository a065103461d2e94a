import type { View } from '../view.ts';
import type { World } from '../world.ts';

/** A view as Slack answers it and sends it along. */
export function showView({ team, app }: World, view: View): Readonly<Record<string, unknown>> {
  const text = (words: string | undefined) =>
    words === undefined ? null : { type: 'plain_text', text: words, emoji: true };
  const values = Object.fromEntries([...view.state].map(([block, actions]) => [block, Object.fromEntries(actions)]));
  return {
    id: view.id,
    team_id: team.id,
    type: view.kind,
    ...(view.kind === 'modal'
      ? { title: text(view.title), submit: text(view.submit), close: text(view.close) }
      : { title: text('View Title'), submit: null, close: null }),
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    external_id: view.externalId,
    state: { values },
    hash: view.hash,
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    app_id: app.id,
    bot_id: app.botId,
    app_installed_team_id: team.id,
  };
}
