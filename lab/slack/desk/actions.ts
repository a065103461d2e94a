import type { Filling } from '../people/form.ts';
import { type Person, personNamed } from '../people/person.ts';
import { ClientRefusal } from '../people/refusal.ts';
import type { View } from '../view.ts';
import type { World } from '../world.ts';

/** What the page sends when somebody does something. */
export interface Doing {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly thread?: string;
  /** A message. */
  readonly ts?: string;
  readonly view?: string;
  readonly block?: string;
  readonly action: string;
  readonly option: string;
  readonly values: Filling;
  readonly field: string;
  readonly typed: string;
}

type Action = (person: Person, doing: Doing, world: World) => unknown;

/** What can be done on the page, by name. Each answers what is shown at once. */
const actions: Readonly<Record<string, Action>> = {
  type: (person, { channel, text, thread }) =>
    thread === undefined ? person.type(channel, text) : said(() => person.say(channel, text, { thread })),
  press: (person, doing, world) => person.press(surface(world, doing), doing.action, { ...inBlock(doing) }),
  pick: (person, doing, world) => person.pick(surface(world, doing), doing.action, doing.option, inBlock(doing)),
  submit: (person, { values, ...doing }, world) => person.submit(viewOf(world, doing), values),
  suggest: (person, { field, typed, ...doing }, world) => person.suggest(viewOf(world, doing), field, typed),
  close: (person, doing, world) => person.close(viewOf(world, doing)),
  home: (person) => said(() => person.openHome()),
};

/** Does it, and answers what the person sees: `{ok, text, …}`, or a list of offers. */
export async function doAs(world: World, name: string, doing: Doing): Promise<unknown> {
  const action = actions[name];
  if (!action) return { ok: false, text: `There is nothing called ${name}.` };
  try {
    return await action(personNamed(world, doing.user), doing, world);
  } catch (error) {
    if (error instanceof ClientRefusal) return { ok: false, text: error.message };
    throw error;
  }
}

function said(act: () => unknown): { ok: true; text: '' } {
  act();
  return { ok: true, text: '' };
}

function surface(world: World, doing: Pick<Doing, 'ts' | 'view'>): View | string {
  return doing.view === undefined ? (doing.ts ?? '') : viewOf(world, doing);
}

function inBlock({ block }: Doing): { block?: string } {
  return block === undefined ? {} : { block };
}

function viewOf(world: World, { view: id = '' }: Pick<Doing, 'view'>): View {
  const view = world.views.get(id);
  if (!view) throw new ClientRefusal('The form is not open any more.');
  return view;
}
