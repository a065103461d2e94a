import { randomBytes } from 'node:crypto';
import type { Interaction } from './interaction.ts';
import { showInteraction } from './show/interaction.ts';
import type { World } from './world.ts';

type Doing = Pick<Interaction, 'type' | 'userId' | 'channelId' | 'data'> &
  Partial<Pick<Interaction, 'messageId' | 'openedBy' | 'commandName'>>;

/** A person does something that the application is to answer: every session is told, and the clock runs. */
export function startInteraction(world: World, doing: Doing): Interaction {
  const id = world.newId();
  const interaction: Interaction = {
    id,
    token: Buffer.from(`interaction:${id}:${randomBytes(64).toString('base64url')}`).toString('base64url'),
    createdAt: world.clock.now(),
    messageId: undefined,
    openedBy: undefined,
    commandName: undefined,
    ...doing,
    answer: undefined,
    originalId: undefined,
    failed: false,
  };
  world.interactions.set(id, interaction);
  if (!world.heard()) {
    interaction.failed = true;
    world.changes.tell();
    return interaction;
  }
  world.clock.after(world.settings.answerMs, () => {
    if (interaction.answer) return;
    interaction.failed = true;
    world.changes.tell();
  });
  world.emit({ name: 'INTERACTION_CREATE', intent: 0, payload: () => showInteraction(world, interaction) });
  return interaction;
}
