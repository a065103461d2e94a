import type { Component } from '../message.ts';
import type { Complaint } from './complaints.ts';

/** Discord's numbers for the kinds of components. */
export const kinds = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

/** Every component in a tree, from the top. */
export function* walk(
  components: readonly Component[],
  path: readonly PropertyKey[] = ['components'],
): Generator<{ readonly component: Component; readonly path: readonly PropertyKey[] }> {
  for (const [place, component] of components.entries()) {
    const here = [...path, place];
    yield { component, path: here };
    yield* walk(component.components ?? [], [...here, 'components']);
    for (const side of ['accessory', 'component'] as const) {
      const inner = component[side];
      if (!inner) continue;
      yield { component: inner, path: [...here, side] };
      yield* walk(inner.components ?? [], [...here, side, 'components']);
    }
  }
}

/** What the published schema does not say about components: how many in all, how much text, unique custom ids, what a button needs. */
export function componentComplaints(components: readonly Component[], v2: boolean): Complaint[] {
  const all = [...walk(components)];
  const complaints: Complaint[] = [];
  if (v2 && all.length > 40) {
    complaints.push(
      complaint(['components'], 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'The maximum number of components is 40.'),
    );
  }
  if (!v2 && components.length > 5) {
    complaints.push(complaint(['components'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.'));
  }
  const text = all.reduce(
    (sum, { component }) => sum + (component.type === kinds.text ? lengthOf(component.content) : 0),
    0,
  );
  if (text > 4_000) {
    const code = 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED';
    complaints.push(complaint(['components'], code, 'The total displayable text size exceeds the maximum of 4000.'));
  }
  const seen = new Set<string>();
  for (const { component, path } of all) {
    const id = component.custom_id;
    if (id !== undefined && seen.has(id)) {
      complaints.push(
        complaint([...path, 'custom_id'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated'),
      );
    }
    if (id !== undefined) seen.add(id);
    if (!v2 && path.length === 2 && component.type !== kinds.row) {
      complaints.push(complaint([...path, 'type'], 'UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).'));
    }
    complaints.push(...buttonComplaints(component, path), ...rowComplaints(component, path));
  }
  return complaints;
}

function buttonComplaints(component: Component, path: readonly PropertyKey[]): Complaint[] {
  if (component.type !== kinds.button) return [];
  const link = component.style === 5;
  const found: Complaint[] = [];
  if (!link && component.style !== 6 && component.custom_id === undefined) {
    found.push(complaint([...path, 'custom_id'], 'BASE_TYPE_REQUIRED', 'A custom id is required'));
  }
  if (link && !component.url) found.push(complaint([...path, 'url'], 'BASE_TYPE_REQUIRED', 'A url is required'));
  if (link && component.custom_id !== undefined) {
    const message = 'A custom id and url cannot both be specified';
    found.push(complaint([...path, 'custom_id'], 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', message));
  }
  if (!component.label && component.emoji === undefined) {
    const message = 'A button must have a label or emoji';
    found.push(complaint(path, 'BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI', message));
  }
  return found;
}

/** Five buttons, or one list. */
function rowComplaints(component: Component, path: readonly PropertyKey[]): Complaint[] {
  if (component.type !== kinds.row) return [];
  const inner = component.components ?? [];
  const lists = inner.filter(({ type }) => type !== kinds.button && type !== kinds.textInput).length;
  if (lists === 0 || inner.length === 1) return [];
  return [
    complaint(
      [...path, 'components'],
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      'The specified component exceeds the maximum width',
    ),
  ];
}

function lengthOf(text: string | undefined): number {
  return [...(text ?? '')].length;
}

function complaint(path: readonly PropertyKey[], code: string, message: string): Complaint {
  return { path, code, message };
}
