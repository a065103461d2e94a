import type { Look } from '#jobs/engine/world.ts';
import type { Resources } from '#proxmox/resources.ts';
import { type Candidate, everyCandidate, type Found, likelyCandidates, templateFor } from '../template/find.ts';
import { claimPlace, type Place, type Wanted } from './claim-place.ts';
import type { Heard } from './room.ts';

/** A place for a new VM with the template to clone there; without a node none of the templates can be cloned to any that is online and answers. */
export type CloneTo =
  | (Place & { readonly template: NonNullable<ReturnType<typeof templateFor>> })
  | { readonly node: undefined; readonly silent: readonly string[] };

/** Chooses the node of a new VM among those that a template with this catalog name can be cloned to, and claims room there; see {@link claimPlace}. */
export async function findPlace(look: Look, name: string, resources: Resources, wanted: Wanted): Promise<CloneTo> {
  const likely = await placeClone(look, resources, wanted, await likelyCandidates(look, name, resources));
  if (likely.node !== undefined) return likely;
  // The template may be newer than the cluster's list, or be called something else by now.
  return placeClone(look, resources, wanted, await everyCandidate(look, name, resources));
}

async function placeClone(
  look: Look,
  resources: Resources,
  wanted: Wanted,
  { templates, silent }: Found<Candidate>,
): Promise<CloneTo> {
  const templateOn = (node: string, heard: Heard) => {
    const usable = templates.filter((one) => !heard.silent.includes(one.node));
    return templateFor(usable, node, heard.answers.get(node), resources);
  };
  const involved = (node: string, heard: Heard) => {
    const template = templateOn(node, heard);
    return template && [node, template.node];
  };
  const place = await claimPlace(look, resources, wanted, involved);
  const away = [...new Set([...silent, ...place.silent])];
  if (place.node === undefined) return { ...place, silent: away };
  const template = templateOn(place.node, { answers: new Map([[place.node, place.storages]]), silent: place.silent });
  if (!template) throw new Error(`${place.node} was chosen, and no template can be cloned there.`);
  return { ...place, template, silent: away };
}
